"""Guard purchases in SQL: what guards.py reads out of the reports, and the difference written."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeAlias

from live_data.instants import epoch_ms, moment
from live_data.models import GuardPurchase, GuardReportData
from live_data.storing.guards import WINDOW, Purchase, Report, purchases
from live_data.storing.rollups import MinuteDeltas

#: (room, uid, shown name, guard level); the name only counts while the uid is unknown.
Buyer: TypeAlias = tuple[int, int | None, str, int]

_WINDOW = timedelta(milliseconds=WINDOW)
_CHUNK = 100  # rows
_COLUMNS = ("timestamp", "uid", "username", "num", "unit", "payflow_id", "gold")


def buyer_of(report: GuardReportData | GuardPurchase) -> Buyer:
    """Of a report, or of the purchase that it opened."""
    name = report.username if report.uid is None else ""
    return report.room_id, report.uid, name, report.guard_level


def settle(changed: Iterable[GuardReportData], deltas: MinuteDeltas) -> None:
    """Make purchases in SQL those that all reports tell of, near reports that came or went."""
    by_buyer: dict[Buyer, list[GuardReportData]] = {}
    for report in changed:
        by_buyer.setdefault(buyer_of(report), []).append(report)
    gone: list[GuardPurchase] = []
    new: list[GuardPurchase] = []
    for buyer, some in by_buyer.items():
        related = _related(buyer, some)
        wanted = {row.event_id: row for row in _wanted(buyer, related.values())}
        stored = _stored(buyer, {*related, *(bytes(report.event_id) for report in some)})
        gone += [row for event_id, row in stored.items() if not _is_same(row, wanted.get(event_id))]
        new += [row for event_id, row in wanted.items() if not _is_same(row, stored.get(event_id))]
    # All of them go before any comes: a report that was parsed anew may have changed its buyer.
    GuardPurchase.objects.filter(pk__in=[row.pk for row in gone]).delete()
    GuardPurchase.objects.bulk_create(new)
    for row in gone:
        deltas.add(row, -1)
    for row in new:
        deltas.add(row)


def _related(buyer: Buyer, changed: Iterable[GuardReportData]) -> dict[bytes, GuardReportData]:
    """The buyer's reports that can have a say in what these tell of, by event_id: linked to them by
    steps of at most the window, or by a payflow. Masked guests share a name: their history is long.
    """
    found: dict[bytes, GuardReportData] = {}
    asked: set[str] = set()
    waiting = list(changed)
    while waiting:
        fresh: dict[bytes, GuardReportData] = {}
        for report in waiting:
            event_id = bytes(report.event_id)
            if event_id not in found and event_id not in fresh:
                fresh |= {bytes(near.event_id): near for near in _chain(buyer, report.timestamp)}
        payflows = {report.payflow_id for report in (*waiting, *fresh.values())} - asked - {""}
        asked |= payflows
        found |= fresh
        waiting = [row for row in _of_payflows(buyer, payflows) if bytes(row.event_id) not in found]
    return found


def _chain(buyer: Buyer, start: datetime) -> Iterator[GuardReportData]:
    """The buyer's reports around ``start``, both ways until nothing follows within the window."""
    of_room = GuardReportData.objects.filter(room_id=buyer[0])  # by its (room, timestamp) index
    before = of_room.filter(timestamp__lte=start).order_by("-timestamp")
    after = of_room.filter(timestamp__gt=start).order_by("timestamp")
    for rows in (before, after):
        last = start
        for row in rows.iterator(chunk_size=_CHUNK):
            if abs(row.timestamp - last) > _WINDOW:
                break
            if buyer_of(row) == buyer:
                last = row.timestamp
                yield row


def _of_payflows(buyer: Buyer, payflows: Collection[str]) -> list[GuardReportData]:
    wanted = sorted(payflows)
    chunks = (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
    of_room = GuardReportData.objects.filter(room_id=buyer[0])
    rows = (row for some in chunks for row in of_room.filter(payflow_id__in=some))
    return [row for row in rows if buyer_of(row) == buyer]


def _stored(buyer: Buyer, event_ids: Collection[bytes]) -> dict[bytes, GuardPurchase]:
    """The buyer's purchases in SQL that were opened by these reports."""
    wanted = sorted(event_ids)
    chunks = (wanted[start : start + _CHUNK] for start in range(0, len(wanted), _CHUNK))
    rows = (row for some in chunks for row in GuardPurchase.objects.filter(event_id__in=some))
    return {bytes(row.event_id): row for row in rows if buyer_of(row) == buyer}


def _wanted(buyer: Buyer, reports: Iterable[GuardReportData]) -> list[GuardPurchase]:
    return [_row(purchase, buyer) for purchase in purchases(map(_report, reports))]


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
        username=row.username,
    )


def _row(purchase: Purchase, buyer: Buyer) -> GuardPurchase:
    opened_by, (room_id, uid, _, level) = purchase.opened_by, buyer
    return GuardPurchase(
        event_id=opened_by.event_id,
        room_id=room_id,
        timestamp=moment(opened_by.at),
        uid=uid,
        username=opened_by.username,
        guard_level=level,
        num=opened_by.num,
        unit=opened_by.unit,
        payflow_id=opened_by.payflow_id,
        gold=purchase.gold,
    )


def _is_same(row: GuardPurchase, other: GuardPurchase | None) -> bool:
    return other is not None and all(getattr(row, name) == getattr(other, name) for name in _COLUMNS)
