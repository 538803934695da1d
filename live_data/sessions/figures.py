"""What a session had: counted from rows and rollups by its span, and kept once it is over.

Kept figures are counted again when the session got another span (settling) and when something late was stored
within it (storing/late_rows.py). While a count is due, figures are those of the moment.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from live_data.instants import epoch_ms
from live_data.models import DanmakuData, LiveSession, MinuteCount, SessionFigures
from live_data.queries import exact_counts, newcomers, payers
from live_data.queries.calendar import Stretch
from live_data.queries.exact_counts import Counts
from live_data.queries.lists import Chosen
from live_data.storing.late_rows import COUNTED

TOP = 10  #: people
_AT_ONCE = 50  # sessions looked for in one turn


@dataclass(frozen=True, slots=True)
class Figures:
    """JSON, too. People are those whose uid is known; masked ones are names, which may be several people."""

    counts: list[int]  #: as exact_counts.Counts
    peak_danmaku: tuple[int, int] | None  #: (epoch ms of the minute, danmaku); None = there were none
    peak_gold: tuple[int, int] | None  #: (epoch ms of the minute, gold)
    chatters: int
    new_chatters: int  #: who had said or given nothing in this room before
    masked_chatters: int
    payers: int
    new_payers: int
    masked_payers: int
    medal_danmaku: int  #: said with a fan medal, of whatever room
    guard_danmaku: int  #: said by a guard of this room
    medals: list[tuple[str, int]] = field(default_factory=list)  #: (name, danmaku), the most worn first
    top_chatters: list[tuple[int, str, int]] = field(default_factory=list)  #: (uid, name, danmaku)
    top_payers: list[tuple[int | None, str, int]] = field(default_factory=list)  #: (uid, name, gold)

    @property
    def returning_chatters(self) -> int:
        return self.chatters - self.new_chatters

    @property
    def returning_payers(self) -> int:
        return self.payers - self.new_payers

    @property
    def sums(self) -> Counts:
        return Counts(*self.counts)


def stretch(session: LiveSession, now: datetime) -> Stretch:
    """Of one that goes on, until ``now``."""
    return Stretch(session.begin, max(session.begin, session.end or now))


def kept(sessions: Iterable[LiveSession]) -> dict[int, Figures]:
    """By primary key, those that hold."""
    wanted = {session.pk: session for session in sessions}
    rows = SessionFigures.objects.filter(pk__in=wanted, is_due=False)
    return {
        row.pk: Figures(**row.figures)
        for row in rows
        if row.figures is not None and (row.since, row.until) == (wanted[row.pk].begin, wanted[row.pk].end)
    }


def count(room_id: int, of: Stretch) -> Figures:
    """From what is stored now. A tenth of a second for 20,000 danmaku."""
    chatters, said = _chatters(room_id, of)
    chosen = Chosen(room_ids=(room_id,), since=of.since, until=of.until)
    paid, who_paid = payers.payers(chosen, TOP), payers.uids(chosen)
    people = sorted({*said.by_uid, *who_paid})
    returning = newcomers.known_before(room_id, people, of.since)
    return Figures(
        counts=list(exact_counts.counted(room_id, of)),
        peak_danmaku=_peak(room_id, of, "danmaku"),
        peak_gold=_peak(room_id, of, "gold"),
        chatters=len(said.by_uid),
        new_chatters=len(said.by_uid.keys() - returning),
        masked_chatters=len(said.masked),
        payers=paid.known,
        new_payers=len(set(who_paid) - returning),
        masked_payers=paid.masked,
        medal_danmaku=said.with_medal,
        guard_danmaku=said.by_guards,
        medals=said.medals.most_common(TOP),
        top_chatters=chatters,
        top_payers=[(payer.uid, payer.name, payer.gold.total) for payer in paid.first],
    )


@dataclass(slots=True)
class _Said:
    by_uid: Counter[int] = field(default_factory=Counter)
    masked: set[str] = field(default_factory=set)
    with_medal: int = 0
    by_guards: int = 0
    medals: Counter[str] = field(default_factory=Counter)


def _chatters(room_id: int, of: Stretch) -> tuple[list[tuple[int, str, int]], _Said]:
    said, names = _Said(), {}
    rows = DanmakuData.objects.filter(
        room_id=room_id, timestamp__gte=of.since, timestamp__lt=of.until, is_mirror=False
    )
    columns = ("uid", "username", "medal_name", "guard_level")
    for uid, name, medal, guard_level in rows.order_by("timestamp").values_list(*columns).iterator():
        if uid is None:
            said.masked.add(name)
        else:
            said.by_uid[uid] += 1
            names[uid] = name
        if medal:
            said.with_medal += 1
            said.medals[medal] += 1
        said.by_guards += guard_level > 0
    return [(uid, names[uid], lines) for uid, lines in said.by_uid.most_common(TOP)], said


def _peak(room_id: int, of: Stretch, column: str) -> tuple[int, int] | None:
    """The first of the greatest whole minutes."""
    whole = exact_counts.whole_minutes(of)
    if whole is None:
        return None
    minutes = MinuteCount.objects.filter(room_id=room_id, minute__gte=whole.since, minute__lt=whole.until)
    found = minutes.filter(**{f"{column}__gt": 0}).order_by(F(column).desc(), "minute")
    best = found.values_list("minute", column).first()
    return None if best is None else (epoch_ms(best[0]), best[1])


def keep_due(seconds: float) -> int:
    """Count sessions that are over for a while, for about so long; how many were counted."""
    ends, number = time.monotonic() + seconds, 0
    now = datetime.now(UTC)
    due = SessionFigures.objects.filter(is_due=True, until__lt=now - COUNTED).order_by("-until")
    for key in due.values_list("pk", flat=True)[:_AT_ONCE]:
        _keep(key)
        number += 1
        if time.monotonic() > ends:
            break
    return number


def _keep(key: int) -> None:
    with transaction.atomic():
        row = SessionFigures.objects.select_for_update().filter(pk=key).first()
        if row is None:
            return  # its session is gone
        figures: Mapping[str, Any] = asdict(count(row.room_id, Stretch(row.since, row.until)))
        SessionFigures.objects.filter(pk=key).update(figures=figures, is_due=False)
