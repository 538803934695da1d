"""Guard purchases in SQL: what guards.py reads out of the reports, and the difference written."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from django.db.models import QuerySet

from live_data.guards import Purchase, Report, purchases
from live_data.models import GuardPurchase, GuardReportData
from live_data.rollups import MinuteDeltas
from live_data.rows import moment

#: (room, uid, shown name, guard level); the name only counts while the uid is unknown.
Buyer: TypeAlias = tuple[int, int | None, str, int]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLUMNS = ("timestamp", "uid", "username", "num", "unit", "payflow_id", "gold")


def buyer_of(report: GuardReportData) -> Buyer:
    name = report.username if report.uid is None else ""
    return report.room_id, report.uid, name, report.guard_level


def settle(buyers: Iterable[Buyer], deltas: MinuteDeltas) -> None:
    """Make each buyer's purchases in SQL those that all of his reports tell of."""
    gone: list[GuardPurchase] = []
    new: list[GuardPurchase] = []
    for buyer in dict.fromkeys(buyers):
        wanted = {row.event_id: row for row in _wanted(buyer)}
        stored = {bytes(row.event_id): row for row in _of(GuardPurchase.objects.all(), buyer)}
        gone += [row for event_id, row in stored.items() if not _is_same(row, wanted.get(event_id))]
        new += [row for event_id, row in wanted.items() if not _is_same(row, stored.get(event_id))]
    # All of them go before any comes: a report that was parsed anew may have changed its buyer.
    GuardPurchase.objects.filter(pk__in=[row.pk for row in gone]).delete()
    GuardPurchase.objects.bulk_create(new)
    for row in gone:
        deltas.add(row, -1)
    for row in new:
        deltas.add(row)


def _of(rows: QuerySet, buyer: Buyer) -> QuerySet:  # type: ignore[type-arg]  # both tables have these columns
    room_id, uid, name, level = buyer
    rows = rows.filter(room_id=room_id, uid=uid, guard_level=level)
    return rows.filter(username=name) if uid is None else rows


def _wanted(buyer: Buyer) -> list[GuardPurchase]:
    reports = [_report(row) for row in _of(GuardReportData.objects.all(), buyer)]
    return [_row(purchase, buyer) for purchase in purchases(reports)]


def _report(row: GuardReportData) -> Report:
    return Report(
        at=(row.timestamp - _EPOCH) // timedelta(milliseconds=1),
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
