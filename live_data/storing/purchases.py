"""Guard purchases in SQL: what guards.py reads out of the reports, and the difference written."""

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from typing import TypeAlias

from django.db.models import Q, QuerySet

from live_data.instants import epoch_ms, moment
from live_data.models import GuardPurchase, GuardReportData
from live_data.storing.guards import WINDOW, Buyer, Purchase, Report, purchases
from live_data.storing.rollups import Deltas

#: (room, guard level): reports of others have no say.
Rank: TypeAlias = tuple[int, int]

_WINDOW = timedelta(milliseconds=WINDOW)
_CHUNK = 100  # rows
_COLUMNS = ("timestamp", "uid", "username", "num", "unit", "payflow_id", "gold", "list_gold")


def settle(changed: Iterable[GuardReportData], deltas: Deltas) -> None:
    """Make purchases in SQL those that all reports tell of, near reports that came or went."""
    by_rank: dict[Rank, list[GuardReportData]] = {}
    for report in changed:
        by_rank.setdefault((report.room_id, report.guard_level), []).append(report)
    gone: list[GuardPurchase] = []
    new: list[GuardPurchase] = []
    for rank, some in by_rank.items():
        related = _related(rank, some)
        wanted = {row.event_id: row for row in _wanted(rank, related.values())}
        stored = _stored(rank, {*related, *(bytes(report.event_id) for report in some)})
        gone += [row for event_id, row in stored.items() if not _is_same(row, wanted.get(event_id))]
        new += [row for event_id, row in wanted.items() if not _is_same(row, stored.get(event_id))]
    # All of them go before any comes: a report that was parsed anew may have changed its level.
    GuardPurchase.objects.filter(pk__in=[row.pk for row in gone]).delete()
    GuardPurchase.objects.bulk_create(new)
    for row in gone:
        deltas.add_row(row, -1)
    for row in new:
        deltas.add_row(row)


def _related(rank: Rank, changed: Iterable[GuardReportData]) -> dict[bytes, GuardReportData]:
    """The reports that can have a say in what these tell of, by event_id: linked to them by steps of at
    most the window between people who may be one, or by a payflow. Masked guests share a name: their
    history is long.
    """
    found: dict[bytes, GuardReportData] = {}
    asked: set[str] = set()
    waiting = list(changed)
    while waiting:
        payflows = {report.payflow_id for report in waiting} - asked - {""}
        asked |= payflows
        linked = [*_of_payflows(rank, payflows), *(near for each in waiting for near in _near(rank, each))]
        fresh = {bytes(row.event_id): row for row in linked if bytes(row.event_id) not in found}
        found |= fresh
        waiting = list(fresh.values())
    return found


def _near(rank: Rank, report: GuardReportData) -> Iterator[GuardReportData]:
    """Reports within the window of this one, of whoever may be its buyer; itself too, if it is stored."""
    buyer = _buyer(report)
    span = (report.timestamp - _WINDOW, report.timestamp + _WINDOW)
    rows = _of_rank(rank).filter(_people(buyer), timestamp__range=span)  # by its (room, timestamp) index
    return (row for row in rows if buyer.may_be(_buyer(row)))


def _people(buyer: Buyer) -> Q:
    """Hardly more than those whom ``buyer`` may be."""
    if buyer.uid is not None:
        return Q(uid=buyer.uid) | Q(uid=None, username__in=buyer.names_when_unknown)
    known = Q(username=buyer.username)
    if buyer.initial_behind_mask:
        known |= Q(username__startswith=buyer.initial_behind_mask)
    return Q(uid=None, username=buyer.username) | Q(uid__isnull=False) & known


def _of_payflows(rank: Rank, payflows: Collection[str]) -> list[GuardReportData]:
    wanted = sorted(payflows)
    chunks = (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
    return [row for some in chunks for row in _of_rank(rank).filter(payflow_id__in=some)]


def _of_rank(rank: Rank) -> "QuerySet[GuardReportData]":
    room_id, level = rank
    return GuardReportData.objects.filter(room_id=room_id, guard_level=level)


def _stored(rank: Rank, event_ids: Collection[bytes]) -> dict[bytes, GuardPurchase]:
    """The purchases in SQL that were opened by these reports."""
    room_id, level = rank
    wanted = sorted(event_ids)
    chunks = (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
    of_rank = GuardPurchase.objects.filter(room_id=room_id, guard_level=level)
    return {bytes(row.event_id): row for some in chunks for row in of_rank.filter(event_id__in=some)}


def _wanted(rank: Rank, reports: Iterable[GuardReportData]) -> list[GuardPurchase]:
    return [_row(purchase, rank) for purchase in purchases(map(_report, reports))]


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
