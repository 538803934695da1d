"""Guard purchases in SQL: what guards.py reads out of the reports, and the difference written."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TypeAlias

from django.db.models import Q, QuerySet

from live_data.instants import epoch_ms, moment
from live_data.models import GuardPurchase, GuardReportData
from live_data.storing.guards import WINDOW, Buyer, Purchase, Report, purchases
from live_data.storing.rollups import Deltas

#: (room, guard level): reports of others have no say.
Rank: TypeAlias = tuple[int, int]
_Stretch: TypeAlias = tuple[datetime, datetime]

_WINDOW = timedelta(milliseconds=WINDOW)
_MARGIN = 4 * _WINDOW  # what is read around a report: what is linked to it by some steps is in it, too
_CHUNK = 100  # rows
_STRETCHES = 30  # of one query
_COLUMNS = ("timestamp", "uid", "username", "num", "unit", "payflow_id", "gold", "list_gold")


def settle(changed: Iterable[GuardReportData], deltas: Deltas) -> None:
    """Make purchases in SQL those that all reports tell of, near reports that came or went."""
    reports = list(changed)
    related = _related(reports)
    by_rank: dict[Rank, list[GuardReportData]] = {}
    for report in related.values():
        by_rank.setdefault(_rank(report), []).append(report)
    wanted = {(rank, row.event_id): row for rank, some in by_rank.items() for row in _wanted(rank, some)}
    stored = _stored({*related, *(bytes(report.event_id) for report in reports)})
    gone = [row for key, row in stored.items() if not _is_same(row, wanted.get(key))]
    new = [row for key, row in wanted.items() if not _is_same(row, stored.get(key))]
    # All of them go before any comes: a report that was parsed anew may have changed its level.
    GuardPurchase.objects.filter(pk__in=[row.pk for row in gone]).delete()
    GuardPurchase.objects.bulk_create(new)
    for row in gone:
        deltas.add_row(row, -1)
    for row in new:
        deltas.add_row(row)


def _related(changed: Iterable[GuardReportData]) -> dict[bytes, GuardReportData]:
    """The reports that can have a say in what these tell of, by event_id: linked to them by steps of at
    most the window between people of one rank who may be one, or by a payflow. Masked guests share a name:
    their history is long.
    """
    found: dict[bytes, GuardReportData] = {}
    asked: set[tuple[Rank, str]] = set()
    neighbours = _Neighbours()
    waiting = list(changed)
    while waiting:
        payflows = {(_rank(report), report.payflow_id) for report in waiting if report.payflow_id} - asked
        asked |= payflows
        linked = [*_of_payflows(payflows), *neighbours.of(waiting)]
        fresh = {bytes(row.event_id): row for row in linked if bytes(row.event_id) not in found}
        found |= fresh
        waiting = list(fresh.values())
    return found


class _Neighbours:
    """Reports near others in time, read in few and wide stretches."""

    def __init__(self) -> None:
        self._read: dict[int, list[_Stretch]] = {}  # by room
        self._rows: dict[Rank, dict[bytes, GuardReportData]] = {}

    def of(self, reports: Sequence[GuardReportData]) -> Iterator[GuardReportData]:
        """Those within the window of one of these, of whoever may be its buyer; itself too, if stored."""
        self._read_around(reports)
        by_rank = {rank: sorted(rows.values(), key=_time) for rank, rows in self._rows.items()}
        for report in reports:
            rows = by_rank.get(_rank(report), [])
            first = bisect_left(rows, report.timestamp - _WINDOW, key=_time)
            last = bisect_right(rows, report.timestamp + _WINDOW, key=_time)
            buyer = _buyer(report)
            yield from (row for row in rows[first:last] if buyer.may_be(_buyer(row)))

    def _read_around(self, reports: Iterable[GuardReportData]) -> None:
        around = [each for each in reports if not self._has_read(each)]
        by_room: dict[int, list[_Stretch]] = {}
        for each in sorted(around, key=_time):
            begin, end = each.timestamp - _MARGIN, each.timestamp + _MARGIN
            before = by_room.setdefault(each.room_id, [])
            if before and begin <= before[-1][1]:
                begin = before.pop()[0]
            before.append((begin, end))
        stretches = [(room_id, stretch) for room_id, some in by_room.items() for stretch in some]
        for start in range(0, len(stretches), _STRETCHES):
            for row in _within(stretches[start : start + _STRETCHES]):
                self._rows.setdefault(_rank(row), {})[bytes(row.event_id)] = row
        for room_id, stretch in stretches:
            self._read.setdefault(room_id, []).append(stretch)

    def _has_read(self, report: GuardReportData) -> bool:
        since, until = report.timestamp - _WINDOW, report.timestamp + _WINDOW
        return any(begin <= since and until <= end for begin, end in self._read.get(report.room_id, ()))


def _within(stretches: Iterable[tuple[int, _Stretch]]) -> "QuerySet[GuardReportData]":
    """By the (room, timestamp) index."""
    either = (Q(room_id=room_id, timestamp__range=stretch) for room_id, stretch in stretches)
    return GuardReportData.objects.filter(reduce(or_, either))


def _of_payflows(wanted: Collection[tuple[Rank, str]]) -> list[GuardReportData]:
    payflows = sorted({payflow for _, payflow in wanted})
    chunks = (payflows[start : start + _CHUNK] for start in range(0, len(payflows), _CHUNK))
    rooms = {room_id for (room_id, _), _ in wanted}
    rows = GuardReportData.objects.filter(room_id__in=rooms)
    found = (row for some in chunks for row in rows.filter(payflow_id__in=some))
    return [row for row in found if (_rank(row), row.payflow_id) in wanted]


def _stored(event_ids: Collection[bytes]) -> dict[tuple[Rank, bytes], GuardPurchase]:
    """The purchases in SQL that were opened by these reports."""
    wanted = sorted(event_ids)
    chunks = (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
    rows = (row for some in chunks for row in GuardPurchase.objects.filter(event_id__in=some))
    return {(_rank(row), bytes(row.event_id)): row for row in rows}


def _wanted(rank: Rank, reports: Iterable[GuardReportData]) -> list[GuardPurchase]:
    return [_row(purchase, rank) for purchase in purchases(map(_report, reports))]


def _rank(row: GuardReportData | GuardPurchase) -> Rank:
    return row.room_id, row.guard_level


def _time(report: GuardReportData) -> datetime:
    return report.timestamp


def _buyer(row: GuardReportData) -> Buyer:
    return Buyer(row.uid, row.username)


def _report(row: GuardReportData) -> Report:
    return Report(
        at=epoch_ms(row.timestamp),
        event_id=bytes(row.event_id),
        report=row.report,
        num=row.num,
        price=row.price,
        unit=row.unit,
        payflow_id=row.payflow_id,
        source=row.source,
        buyer=_buyer(row),
    )


def _row(purchase: Purchase, rank: Rank) -> GuardPurchase:
    opened_by, (room_id, level) = purchase.opened_by, rank
    return GuardPurchase(
        event_id=opened_by.event_id,
        room_id=room_id,
        timestamp=moment(opened_by.at),
        uid=purchase.buyer.uid,
        username=purchase.buyer.username,
        guard_level=level,
        num=opened_by.num,
        unit=opened_by.unit,
        payflow_id=opened_by.payflow_id,
        gold=purchase.gold,
        list_gold=purchase.list_gold,
    )


def _is_same(row: GuardPurchase, other: GuardPurchase | None) -> bool:
    return other is not None and all(getattr(row, name) == getattr(other, name) for name in _COLUMNS)
