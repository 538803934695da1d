"""Which purchases a buyer's guard reports tell of. Pure: the same reports give the same purchases,
in whatever order they arrived (docs/definitions.md, protocol facts 4.5).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from live_data import revenue
from live_data.revenue import COPY

#: ms between a GUARD_BUY and the toast of the same purchase, at most.
WINDOW = 30_000


@dataclass(frozen=True, slots=True)
class Report:
    """One message about a purchase of one buyer: same room, uid (or shown name) and guard level."""

    at: int  #: ms
    event_id: bytes
    report: str  #: "bought" or "toast"
    num: int
    price: int  #: gold as sent
    unit: str = ""
    payflow_id: str = ""
    source: int = 0
    username: str = ""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase, named by the report that opened it."""

    opened_by: Report

    @property
    def gold(self) -> int:
        return revenue.of_guard(self.opened_by.report, self.opened_by.price, self.opened_by.num)


def purchases(reports: Iterable[Report]) -> list[Purchase]:
    """Of one buyer, in the order of their time: each payflow once, and each GUARD_BUY without a toast."""
    ordered = sorted({report.event_id: report for report in reports}.values(), key=_place)
    toasts = _opening_toasts(ordered)
    bought = [report for report in ordered if report.report == "bought"]
    joined = {buy.event_id for buy, _ in _joined(bought, toasts)}
    opened = toasts + [buy for buy in bought if buy.event_id not in joined]
    return [Purchase(report) for report in sorted(opened, key=_place)]


def _place(report: Report) -> tuple[int, bytes]:
    return report.at, report.event_id


def _opening_toasts(ordered: list[Report]) -> list[Report]:
    """The first toast of each payflow; one without a payflow_id stands for itself."""
    first: dict[str | bytes, Report] = {}
    for report in ordered:
        if report.report == "toast" and report.source != COPY:
            first.setdefault(report.payflow_id or report.event_id, report)
    return list(first.values())


def _joined(bought: list[Report], toasts: list[Report]) -> Iterator[tuple[Report, Report]]:
    """Pairs of a GUARD_BUY and the toast of the same purchase: the nearest first, each once."""
    by_time = sorted(toasts, key=_place)
    near = [
        (abs(buy.at - toast.at), _place(toast), _place(buy), buy, toast)
        for buy in bought
        for toast in by_time[_first(by_time, buy.at - WINDOW) : _first(by_time, buy.at + WINDOW + 1)]
    ]
    taken: set[bytes] = set()
    for _, _, _, buy, toast in sorted(near, key=lambda pair: pair[:3]):
        if taken.isdisjoint((buy.event_id, toast.event_id)):
            taken |= {buy.event_id, toast.event_id}
            yield buy, toast


def _first(by_time: list[Report], at: int) -> int:
    """Where those begin that are not before ``at``."""
    return bisect_left(by_time, at, key=lambda report: report.at)
