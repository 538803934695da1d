"""Many rooms in one collector: the memory of each, how soon all are back after a cut, one loud among them.

Plain ws on this machine: TLS costs memory of its own, which is OpenSSL's and not ours.
"""

from collections.abc import Mapping
from statistics import quantiles

from benchmarks.figures import BenchmarkFailed, Figures, rounded
from benchmarks.watching import Watching, watching
from bilibili_live.events import Danmaku
from event_store.codec import decode
from event_store.cursor import LogCursor, stream_key

ROOMS = 1_000
GATE = 0.01  #: s between two connects
LOUD = 1_000  #: counted events a second; a tenth as many others come along
_EVENTS = 50  # a second, over all rooms, while none is loud
_HOSTS = 3
_SETTLE = 20.0  # s: connections that were kept open for calls are closed by then
_LISTEN = 20.0
_SLACK = 10.0  # s beside the gate
_START = 120.0

WORDS: Mapping[str, str] = {
    "rooms": "watched by one collector, all authenticated",
    "kb_per_room": "(resident memory with all rooms - with one) / (rooms - 1), plain ws; aim: at most 25",
    "cpu_percent": "of one core, with all rooms connected and 50 events a second in all",
    "gate": "s between two connects (CONNECT_INTERVAL)",
    "reconnect_s": "from cutting all at once to all authenticated; aim: at most rooms x gate + 10",
    "reconnect_limit_s": "rooms x gate + 10",
    "quiet_delay_ms_p50": "danmaku of quiet rooms, from said to readable in the log, no room loud",
    "quiet_delay_ms_p99": "the same",
    "loud_delay_ms_p50": "the same of quiet rooms, beside one room of 1,000 messages a second",
    "loud_delay_ms_p99": "the same",
    "loud_messages_s": "of that room, as they arrived in the log",
}


def run() -> Figures:
    site = ("--rooms", str(ROOMS), "--rate", str(_EVENTS), "--hosts", str(_HOSTS))
    with watching(site, {"CONNECT_INTERVAL": str(GATE), "CALL_INTERVAL": "0"}) as system:
        figures: Figures = {"rooms": ROOMS, **_memory(system), "gate": GATE}
        figures["reconnect_s"] = rounded(_reconnect(system))
        figures["reconnect_limit_s"] = _limit()
        return {**figures, **_delays(system)}


def _limit() -> float:
    return ROOMS * GATE + _SLACK


def _memory(system: Watching) -> Figures:
    first, *_ = numbers = system.site.rooms
    with_one = _settled_kb(system, [first])
    with_all = _settled_kb(system, numbers)
    before = system.cpu_seconds()
    system.let_pass(_LISTEN)
    share = (system.cpu_seconds() - before) / _LISTEN
    return {"kb_per_room": rounded((with_all - with_one) / (ROOMS - 1)), "cpu_percent": rounded(share * 100)}


def _settled_kb(system: Watching, numbers: list[int]) -> int:
    system.want(numbers)
    system.until(lambda: _authenticated(system) == len(numbers), _START, "all rooms were connected")
    system.let_pass(_SETTLE)
    return system.resident_kb()


def _authenticated(system: Watching, since: int = 0) -> int:
    """Rooms with a connection that is newer than the ``since``-th."""
    return len({each["room"] for each in system.site.connections() if each["id"] > since})


def _reconnect(system: Watching) -> float:
    last = max(each["id"] for each in system.site.connections())
    system.site.fault(cut="all", abrupt=True)
    return system.until(lambda: _authenticated(system, last) == ROOMS, 2 * _limit(), "all rooms were back")


def _delays(system: Watching) -> Figures:
    quiet, _ = _listen(system)
    loud_room = system.site.rooms[0]
    system.site.fault(loud=LOUD, room=loud_room)
    beside, messages = _listen(system, loud_room)
    if messages < LOUD:
        raise BenchmarkFailed(f"the loud room brought {messages:.0f} messages a second and not {LOUD}")
    return {**_words("quiet", quiet), **_words("loud", beside), "loud_messages_s": rounded(messages)}


def _listen(system: Watching, loud_room: int = 0) -> tuple[list[int], float]:
    """Delays (ms) of the danmaku of all rooms but one, and what that one says a second."""
    after = system.end_of_log()
    system.let_pass(_LISTEN)
    delays, messages = _delays_in(system, after, loud_room)
    return delays, messages / _LISTEN


def _delays_in(system: Watching, after: LogCursor, loud_room: int) -> tuple[list[int], int]:
    delays, messages = [], 0
    for entry in system.entries(after):
        batch = decode(entry.fields)
        readable_at, _ = stream_key(entry.stream_id)
        messages += sum(each.received for each in batch.header.counts if each.room_id == loud_room)
        delays += [
            readable_at - event.at
            for event in batch.events
            if isinstance(event, Danmaku) and event.room_id != loud_room
        ]
    return delays, messages


def _words(which: str, delays: list[int]) -> Figures:
    parts = quantiles(delays, n=100)
    return {f"{which}_delay_ms_p50": round(parts[49]), f"{which}_delay_ms_p99": round(parts[98])}
