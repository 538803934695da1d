"""Sessions as pages show them and as JSON has them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from live_data import payloads
from live_data.instants import moment
from live_data.models import LiveSession
from live_data.queries import exact_counts, session_list, session_report
from live_data.queries.calendar import Stretch
from live_data.queries.coverage import Span
from live_data.queries.exact_counts import Counts
from live_data.queries.remembered import Remembered
from live_data.queries.session_list import OffAir
from live_data.sessions import figures, naming, spans, streams
from live_data.sessions.figures import Figures

Answer = dict[str, Any]  # the JSON boundary

_KNOWN_BY: dict[str, Promise] = {
    streams.LIVE: gettext_lazy("seen"),
    streams.LIVE_TIME: gettext_lazy("as the site told later"),
    streams.POLL: gettext_lazy("inferred: it was on air when the site was asked"),
    streams.PREPARING: gettext_lazy("seen"),
    streams.CUT_OFF: gettext_lazy("seen: the site cut it off"),
    streams.OFF: gettext_lazy("inferred: it was off air when the site was asked"),
    streams.NEXT: gettext_lazy("inferred: the next one began"),
    streams.LAST_SIGN: gettext_lazy("inferred: the last sign of it"),
    spans.BY_HAND: gettext_lazy("corrected by hand"),
}
_GOES_ON_FOR = timedelta(minutes=30)  #: after its last sign; polls tell of it every ten minutes

_ON_ROOM_PAGE = 3

_moment_figures: Remembered[Figures] = Remembered(5.0)


def forget() -> None:
    """What other tests, or another database, had."""
    _moment_figures.forget()


@dataclass(frozen=True, slots=True)
class Links:
    """To the events of a stretch of time."""

    danmaku: str
    gifts: str
    super_chats: str
    guards: str


@dataclass(frozen=True, slots=True)
class Line:
    """A session in a list."""

    session: LiveSession
    name: str
    begin_known: Promise | str
    end_known: Promise | str
    is_on_air: bool
    lasted: timedelta
    drops: list[Stretch]
    counts: Counts
    links: Links
    off_air: OffAir | None = None
    off_air_links: Links | None = None

    @property
    def drop_count(self) -> int:
        return len(self.drops)


def links(room_id: int, of: Stretch) -> Links:
    def to(page: str, **more: str) -> str:
        ends = {"since": payloads.rfc3339(of.since), "until": payloads.rfc3339(of.until)}
        return f"{reverse(f'live_data:{page}')}?{urlencode({'room_id': room_id, **ends, **more})}"

    kinds = {kind: f"{to('gifts', kind=kind)}#lines" for kind in ("super_chats", "guards")}
    return Links(danmaku=to("danmaku"), gifts=to("gifts"), **kinds)


def is_on_air(session: LiveSession, now: datetime) -> bool:
    """Whether it goes on for all that is known: else nobody saw its end yet."""
    return session.end is None and now - session.last_sign < _GOES_ON_FOR


def line(session: LiveSession, counts: Counts, now: datetime, off_air: OffAir | None = None) -> Line:
    of = figures.stretch(session, now)
    return Line(
        session=session,
        name=naming.name(session),
        begin_known=_KNOWN_BY.get(session.begin_by, ""),
        end_known=_KNOWN_BY.get(session.end_by, ""),
        is_on_air=is_on_air(session, now),
        lasted=of.until - of.since,
        drops=session_list.drops(session),
        counts=counts,
        links=links(session.room_id, of),
        off_air=off_air,
        off_air_links=links(session.room_id, off_air.stretch) if off_air else None,
    )


def lines(page: session_list.Page, now: datetime) -> list[Line]:
    kept = figures.kept(listed.session for listed in page.listed)
    return [
        line(listed.session, _counts(listed.session, kept, now), now, listed.off_air)
        for listed in page.listed
    ]


def newest(room_id: int) -> list[Line]:
    """For the page of the room."""
    now = datetime.now(UTC)
    return lines(session_list.page(room_id, None, _ON_ROOM_PAGE, now), now)


def _counts(session: LiveSession, kept: dict[int, Figures], now: datetime) -> Counts:
    if session.pk in kept:
        return kept[session.pk].sums
    return exact_counts.counted(session.room_id, figures.stretch(session, now))


def figures_of(session: LiveSession, now: datetime) -> Figures:
    """Those that are kept, else those of the moment."""
    kept = figures.kept([session]).get(session.pk)
    if kept is not None:
        return kept
    of = figures.stretch(session, now)
    key = (session.pk, session.begin, session.end)
    return _moment_figures.get(key, lambda: figures.count(session.room_id, of))


def session_json(shown: Line) -> Answer:
    session = shown.session
    return {
        "session": shown.name,
        "room_id": session.room_id,
        "live_key": session.live_key,
        "title": session.title,
        "area_name": session.area_name,
        "parent_area_name": session.parent_area_name,
        "begin": payloads.rfc3339(session.begin),
        "begin_is": session.begin_is,
        "begin_by": session.begin_by,
        "end": session.end and payloads.rfc3339(session.end),
        "end_is": session.end_is,
        "end_by": session.end_by,
        "last_sign": payloads.rfc3339(session.last_sign),
        "drops": [_ends(drop) for drop in shown.drops],
        **counts_json(shown.counts),
        "off_air": shown.off_air and {**_ends(shown.off_air.stretch), **counts_json(shown.off_air.counts)},
    }


def counts_json(counts: Counts) -> Answer:
    return {**counts._asdict(), "gold": counts.gold}


def _ends(stretch: Stretch) -> Answer:
    return {"since": payloads.rfc3339(stretch.since), "until": payloads.rfc3339(stretch.until)}


def report_json(
    shown: Line,
    found: Figures,
    gauges: session_report.Gauges,
    chart: session_report.Chart,
    gaps: Sequence[Span],
) -> Answer:
    people = asdict(found)
    del people["counts"]
    for name in ("peak_danmaku", "peak_gold"):
        if people[name] is not None:
            at, figure = people[name]
            people[name] = {"minute": payloads.rfc3339(moment(at)), "figure": figure}
    people["medals"] = [{"name": name, "danmaku": lines} for name, lines in found.medals]
    people["top_chatters"] = [
        {"uid": str(uid), "username": name, "danmaku": lines} for uid, name, lines in found.top_chatters
    ]
    people["top_payers"] = [
        {"uid": None if uid is None else str(uid), "username": name, "gold": gold}
        for uid, name, gold in found.top_payers
    ]
    return {
        **session_json(shown),
        **people,
        **asdict(gauges),
        "is_lower_bound": bool(gaps),
        "chart": {"minutes": chart.minutes, "points": chart.points},
    }
