"""What one person said and gave, line by line, newest first over all rooms.

The index by uid knows no time: a page read by it reads all rows of the person. Where that is much, the
rollups tell a stretch of days that holds a page, and only that stretch is walked, along the event ids.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import F, QuerySet, Sum

from live_data import keyset
from live_data.days import Days
from live_data.instants import epoch_ms, moment
from live_data.models import DanmakuData, DayCount, GiftData, GuardPurchase, PersonDay, SuperChatData
from live_data.models.person_index import of_people
from live_data.queries import lists
from live_data.queries.ledger import Line
from live_data.queries.lists import Chosen, Listed

KINDS: dict[str, type[Listed]] = {
    "danmaku": DanmakuData,
    "gifts": GiftData,
    "super_chats": SuperChatData,
    "guards": GuardPurchase,
}
"""By the name of their count in the rollups. Interactions have no index by uid."""

_FEW = 1000  #: rows: read and sorted in a moment


@dataclass(frozen=True, slots=True)
class PersonLines:
    """Those of one person from ``since`` to before ``until``; None is no end."""

    uid: int
    days: Days  #: those of the rollups
    since: datetime | None = None
    until: datetime | None = None

    def newest(self, kind: str, before: bytes | None, limit: int) -> list[Line]:
        """Up to ``limit`` lines of one of KINDS, "" of all, older than the event ``before``."""
        kinds = [kind] if kind else KINDS
        found = [Line(each, row) for each in kinds for row in self._of_kind(each, before, limit)]
        found.sort(key=lambda line: bytes(line.row.event_id), reverse=True)
        return found[:limit]

    def _of_kind(self, kind: str, before: bytes | None, limit: int) -> list[Listed]:
        table, since = KINDS[kind], self._walk_to(kind, before, limit)
        theirs = Chosen(uid=self.uid, since=self.since, until=self.until)
        if since is None:
            return lists.newest(table, theirs, before, limit)
        walked = Chosen(since=since, until=self.until)
        near = lists.newest(table, walked, before, limit, _unindexed(table, self.uid))
        if len(near) == limit or since == self.since:
            return near
        older = lists.newest(table, replace(theirs, until=since), before, limit - len(near))
        return [*near, *older]

    def _walk_to(self, kind: str, before: bytes | None, limit: int) -> datetime | None:
        """Where the days begin that hold a page; None: to read all rows of the person costs less."""
        theirs = PersonDay.objects.of_people([self.uid]).filter(**{f"{kind}__gt": 0})
        by_day = theirs.order_by().values_list("day")
        counts: dict[date, int] = dict(by_day.annotate(Sum(kind)))
        everything = sum(counts.values())
        if everything <= _FEW:
            return None
        top = self._top_day(before, max(counts))
        first, lines = _page_of_days(counts, top, limit)
        within = DayCount.objects.filter(day__range=(first, top)).aggregate(rows=Sum(kind))["rows"] or 0
        if lines == 0 or within * limit > everything * lines:
            return None
        begins = moment(self.days.begins(first))
        return begins if self.since is None else max(begins, self.since)

    def _top_day(self, before: bytes | None, newest: date) -> date:
        """The day from which it goes back, at the latest the newest one."""
        ends = [epoch_ms(end) for end in (before and keyset.moment(before), self.until) if end]
        is_bounded = ends and min(ends) < self.days.begins(newest)
        return self.days.of(min(ends)) if is_bounded else newest


def has_any(uid: int) -> bool:
    """Also of what no rollup counts: danmaku that were mirrored, and all before a rebuild."""
    return any(of_people(table._default_manager.all(), [uid]).exists() for table in KINDS.values())


def _unindexed(table: type[Listed], uid: int) -> "QuerySet[Listed]":
    """The person's rows; the sum keeps both engines from their index by uid."""
    return table._default_manager.alias(person=F("uid") + 0).filter(person=uid)


def _page_of_days(counts: dict[date, int], top: date, limit: int) -> tuple[date, int]:
    """The first of the days up to ``top`` that hold a page for sure, and how many rows they hold.

    Of the top day itself, all may have been shown already.
    """
    first, theirs, sure = top, 0, 0
    for day in sorted((day for day in counts if day <= top), reverse=True):
        first, theirs = day, theirs + counts[day]
        sure += counts[day] if day < top else 0
        if sure >= limit:
            break
    return first, theirs
