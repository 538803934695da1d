"""Which purchases the guard reports of a room tell of. Pure: the same reports give the same purchases,
in whatever order they arrived (docs/definitions.md, protocol facts 4.5).
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from live_data import revenue
from live_data.revenue import COPY

#: ms between a GUARD_BUY and the toast of the same purchase, at most.
WINDOW = 30_000

_STARS = "***"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whom a report names: by uid, else by the name as shown, which may be a mask (``x***``)."""

    uid: int | None
    username: str

    @property
    def names_when_unknown(self) -> tuple[str, ...]:
        """What a report that hides the uid may show of this person."""
        return (self.username, self.username[:1] + _STARS) if self.username else ()

    @property
    def initial_behind_mask(self) -> str:
        """The first letter, when nothing else of the name is shown; else empty."""
        is_mask = self.uid is None and self.username[1:] == _STARS
        return self.username[:1] if is_mask else ""

    def is_certainly(self, other: "Buyer") -> bool:
        if self.uid is None or other.uid is None:
            return self.uid == other.uid and self.username == other.username
        return self.uid == other.uid

    def may_be(self, other: "Buyer") -> bool:
        """The same person, as far as anybody can see: one report has the uid, the other only what the
        site shows to guests of that name."""
        if (self.uid is None) == (other.uid is None):
            return self.is_certainly(other)
        known, unknown = (self, other) if other.uid is None else (other, self)
        return unknown.username in known.names_when_unknown


@dataclass(frozen=True, slots=True)
class Report:
    """One message about a purchase; same room and guard level as the others that it is seen with."""

    at: int  #: ms
    event_id: bytes
    report: str  #: "bought" or "toast"
    num: int
    price: int  #: gold as sent
    unit: str = ""
    payflow_id: str = ""
    source: int = 0
    buyer: Buyer = Buyer(None, "")


@dataclass(frozen=True, slots=True)
class Purchase:
    """One purchase, named by the report that opened it."""

    opened_by: Report
    buyer: Buyer  #: with the uid, if any of its reports has it
    bought: Report | None = None  #: its GUARD_BUY, which tells the list price

    @property
    def gold(self) -> int:
        return revenue.of_guard(self.opened_by.report, self.opened_by.price, self.opened_by.num)

    @property
    def list_gold(self) -> int | None:
        """None when nobody told it."""
        bought = self.bought
        return None if bought is None else revenue.of_guard(bought.report, bought.price, bought.num)


def purchases(reports: Iterable[Report]) -> list[Purchase]:
    """In the order of their time: each payflow once, and each GUARD_BUY without a toast."""
    unique = {report.event_id: report for report in reports}.values()
    ordered = _without_masked_twins(sorted(unique, key=_place))
    toasts = _opening_toasts(ordered)
    bought = [report for report in ordered if report.report == "bought"]
    joined = {toast.event_id: buy for buy, toast in _joined(bought, toasts)}
    taken = {buy.event_id for buy in joined.values()}
    joined |= {buy.event_id: buy for buy in bought if buy.event_id not in taken}
    opened = toasts + [buy for buy in bought if buy.event_id not in taken]
    return [_purchase(report, joined.get(report.event_id)) for report in sorted(opened, key=_place)]


def _purchase(opening: Report, bought: Report | None) -> Purchase:
    return Purchase(opening, _known_of(opening, bought or opening), bought)


def _place(report: Report) -> tuple[int, bytes]:
    return report.at, report.event_id


def _known_of(opening: Report, other: Report) -> Buyer:
    return other.buyer if opening.buyer.uid is None and other.buyer.uid is not None else opening.buyer


def _without_masked_twins(ordered: list[Report]) -> list[Report]:
    """Without what a guest's connection was told beside an account's: one message, one second, two
    names. Toasts have their payflow for that."""
    known: dict[tuple[int, str], list[Buyer]] = {}
    for report in ordered:
        if report.buyer.uid is not None and not report.payflow_id:
            known.setdefault((report.at, report.report), []).append(report.buyer)
    return [report for report in ordered if not _has_twin(report, known)]


def _has_twin(report: Report, known: dict[tuple[int, str], list[Buyer]]) -> bool:
    if report.buyer.uid is not None or report.payflow_id:
        return False
    return any(buyer.may_be(report.buyer) for buyer in known.get((report.at, report.report), ()))


def _opening_toasts(ordered: list[Report]) -> list[Report]:
    """The first toast of each payflow, one with a uid before others; one without a payflow_id stands for
    itself."""
    first: dict[str | bytes, Report] = {}
    for report in sorted(ordered, key=lambda report: report.buyer.uid is None):
        if report.report == "toast" and report.source != COPY:
            first.setdefault(report.payflow_id or report.event_id, report)
    return list(first.values())


def _joined(bought: list[Report], toasts: list[Report]) -> Iterator[tuple[Report, Report]]:
    """Pairs of a GUARD_BUY and the toast of the same purchase: certain ones before those that only may
    be the same person's, then the nearest first, each once."""
    by_time = sorted(toasts, key=_place)
    near = [
        (
            not buy.buyer.is_certainly(toast.buyer),
            abs(buy.at - toast.at),
            _place(toast),
            _place(buy),
            buy,
            toast,
        )
        for buy in bought
        for toast in by_time[_first(by_time, buy.at - WINDOW) : _first(by_time, buy.at + WINDOW + 1)]
        if buy.buyer.may_be(toast.buyer)
    ]
    taken: set[bytes] = set()
    for *_, buy, toast in sorted(near, key=lambda pair: pair[:4]):
        if taken.isdisjoint((buy.event_id, toast.event_id)):
            taken |= {buy.event_id, toast.event_id}
            yield buy, toast


def _first(by_time: list[Report], at: int) -> int:
    """Where those begin that are not before ``at``."""
    return bisect_left(by_time, at, key=lambda report: report.at)
