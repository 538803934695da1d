"""Red packets in SQL: one row for all that the reports of a lot tell, in whatever order they came."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from live_data.models import RedPacketData, RedPacketReportData

Lot: TypeAlias = tuple[int, int]  #: (room, lot_id)

_COLUMNS = (
    "event_id",
    "timestamp",
    "uid",
    "username",
    "num",
    "paid_gold",
    "gifts_gold",
    "gifts",
    "end_time",
    "winners",
)


def settle(changed: Iterable[RedPacketReportData]) -> None:
    """Make the packets in SQL those that their reports tell of, after reports came or went."""
    new: list[RedPacketData] = []
    gone: list[int] = []
    for room_id, lot_id in {(report.room_id, report.lot_id) for report in changed}:
        of_lot = {"room_id": room_id, "lot_id": lot_id}
        stored = RedPacketData.objects.filter(**of_lot).first()
        wanted = packet((room_id, lot_id), RedPacketReportData.objects.filter(**of_lot))
        if stored is not None and wanted is not None:
            if all(_value(stored, name) == _value(wanted, name) for name in _COLUMNS):
                continue
            wanted.pk = stored.pk
        new += [wanted] if wanted is not None else []
        gone += [stored.pk] if stored is not None else []
    # All of them go before any comes: a report that was parsed anew may have changed its lot.
    RedPacketData.objects.filter(pk__in=gone).delete()
    RedPacketData.objects.bulk_create(new)


def packet(lot: Lot, reports: Iterable[RedPacketReportData]) -> RedPacketData | None:
    """None while nobody told of its beginning: a list of winners has neither giver nor price.

    The first form of a message has the last word; of several of one form, the earliest.
    """
    ordered = sorted(reports, key=lambda report: (report.form, report.timestamp, bytes(report.event_id)))
    sent, started, drawn = (
        [report for report in ordered if report.report == kind] for kind in ("sent", "started", "drawn")
    )
    told = [*started, *sent]
    if not told:
        return None
    giver = next((report for report in told if report.uid is not None), told[0])
    return RedPacketData(
        event_id=told[0].event_id,
        room_id=lot[0],
        timestamp=told[0].timestamp,
        lot_id=lot[1],
        uid=giver.uid,
        username=giver.username,
        num=sent[0].num if sent else 1,
        paid_gold=_paid(sent),
        gifts_gold=_first(started, "total_price"),
        gifts=_first(started, "gifts"),
        end_time=_first(started, "end_time"),
        winners=_first(drawn, "winners"),
    )


def _paid(sent: Sequence[RedPacketReportData]) -> int | None:
    return next((report.price * report.num for report in sent if report.price is not None), None)


def _first(reports: Sequence[RedPacketReportData], column: str) -> Any:
    """The first that tells."""
    return next((value for report in reports if (value := getattr(report, column)) is not None), None)


def _value(row: RedPacketData, column: str) -> object:
    value = getattr(row, column)
    return bytes(value) if column == "event_id" else value
