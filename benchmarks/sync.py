"""From the event log to committed rows, into a database that has many already, beside Django's bulk_create.

The headline is `sync.step` as the scheduler calls it, until nothing waits: it reads a real log in a real
Valkey, decodes, and commits rows with unique ids, named indexes, rollups and search tokens, counts, position
and cursor. It is measured with no other database on the machine, which would take the system's cache of pages
from it; so is `two`: two processes that share the rooms, where the engine has several writers.

For the ratios it runs once more, and others beside it in the same rounds, each in a process of its own with a
copy of the database of its own:

- `storing`: the same without the log, to see what reading costs;
- `bulk_create`: objects of the models from the same events, in transactions as large, and nothing else;
- `seed`: the first sketch's way, LRANGE of a list of JSON and bulk_create with ignore_conflicts;
- `bare` and `bare_bulk_create`: from an empty database, tables and named indexes alone. Ours is what the
  product calls to make rows of events and to insert them, by itself: rollups and search have no switch.

The seconds are those of a clock on the wall: they hold what the disk costs, also of the checkpoints that come
due. Rounds of all take turns; a speed is the median of its rounds, a ratio the median of the ratios within a
round. `_cpu` is what the process itself used: on a busy machine it says more, of a server's part nothing.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.databases import Kept, copied, empty, known, prepared, settings_of
from benchmarks.engines import Engine
from benchmarks.figures import BenchmarkFailed, Figures, rounded
from benchmarks.peers import ENVIRONMENTS, Peer, Round, Running
from benchmarks.valkey import serving

EVENTS = 20_000  #: of one round
ROUNDS = 7
COPIES = ENVIRONMENTS / "copies"  # on the disk that holds the prepared ones, and not in memory


@dataclass(frozen=True, slots=True)
class Way:
    """A contestant; ``name`` is empty for the headline."""

    name: str
    module: str
    into_full: bool = True
    engines: tuple[str, ...] = ("sqlite", "postgresql")


ALONE = (Way("", "synced"), Way("two", "synced_by_two", engines=("postgresql",)))
WAYS = (
    Way("", "synced"),
    Way("storing", "stored"),
    Way("bulk_create", "bulk_created"),
    Way("seed", "seeds_way"),
    Way("bare", "inserted", into_full=False),
    Way("bare_bulk_create", "bulk_created", into_full=False),
)
#: Ratio -> who is compared with whom.
RATIOS = {
    "bulk_create": ("", "bulk_create"),
    "bulk_create_bare": ("bare", "bare_bulk_create"),
    "seed": ("", "seed"),
}


def _words() -> Iterator[tuple[str, str]]:
    yield "rows", "in the database before the first round"
    yield "events", "of a round; the first round of each is not counted"
    for name in ("sqlite", "postgresql"):
        yield (
            name,
            f"events a second, log to committed; aim: at least {20_000 if name == 'postgresql' else 12_000}",
        )
        if name == "postgresql":
            yield f"{name}_two", "the same of two syncs that share the rooms"
        yield f"{name}_beside", "the same while the others take turns with it"
        yield f"{name}_storing", "events a second without the log"
        yield f"{name}_bulk_create", "the same of plain bulk_create of the same rows"
        yield f"{name}_seed", "danmaku a second by the first sketch's way"
        yield f"{name}_bare", "events a second from empty, made into rows and inserted"
        yield f"{name}_bare_bulk_create", "the same of plain bulk_create"
        for way in (*ALONE, *WAYS[1:]):
            if name in way.engines:
                yield f"{_key(name, way.name)}_cpu", "the same in a second of CPU of that process"
        for ratio, (ours, other) in RATIOS.items():
            yield f"{name}_ratio_{ratio}", f"{_key(name, ours or 'beside')} / {_key(name, other)}"
    yield "ratio_bulk_create", "the lower one of the engines; aim: at least 1.2"
    yield "ratio_bulk_create_bare", "the lower one of the engines; aim: at least 4"
    yield "ratio_seed", "the lower one of the engines"


def _key(engine: str, way: str) -> str:
    return f"{engine}_{way}" if way else engine


WORDS: Mapping[str, str] = dict(_words())


def run(rows: int, engine: str) -> Figures:
    """Into ``rows`` rows of "sqlite", "postgresql" or "both"."""
    figures: Figures = {"rows": rows, "events": EVENTS}
    found: list[Mapping[str, float]] = []
    for each in known(engine):
        kept = prepared(each, rows)
        for way in ALONE:
            if each.name in way.engines:
                figures |= speeds(each.name, measure(each, kept, ROUNDS, [way]))
        rounds = measure(each, kept, ROUNDS, WAYS)
        beside = {name or "beside": some for name, some in rounds.items()}
        figures |= {key: value for key, value in speeds(each.name, beside).items() if key in WORDS}
        found.append(ratios(rounds))
        figures |= {f"{each.name}_ratio_{name}": rounded(ratio) for name, ratio in found[-1].items()}
    return figures | {f"ratio_{name}": rounded(min(each[name] for each in found)) for name in RATIOS}


def measure(engine: Engine, kept: Kept, rounds: int, ways: Sequence[Way]) -> dict[str, list[Round]]:
    """The rounds of each by name, without the first, which warms up."""
    played: dict[str, list[Round]] = {way.name: [] for way in ways if engine.name in way.engines}
    COPIES.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        places = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=COPIES)))
        places.chmod(0o755)  # PostgreSQL is another user when this is root
        running = []
        for way in ways:
            if engine.name not in way.engines:
                continue
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            stack.enter_context(serving(folder))  # a log for each: whoever stores reads all of it
            place = places / (way.name or "sync")
            url = stack.enter_context(copied(kept, engine, place) if way.into_full else empty(engine, place))
            peer = Peer(f"{engine.name} {way.name}", "with_django", settings=settings_of(url, place, folder))
            told = json.dumps({"program": way.module, "events": EVENTS})
            running.append((way, stack.enter_context(Running(peer, told))))
        for number in range(rounds + 1):
            danmaku = set()
            for way, contestant in running:
                one = contestant.round()
                danmaku.add(one.seen["danmaku"])
                if number:
                    played[way.name].append(one)
            if len(danmaku) != 1:
                raise BenchmarkFailed(
                    f"not all stored the same danmaku: {danmaku}; their speeds mean nothing"
                )
    return played


def speeds(engine: str, rounds: Mapping[str, Sequence[Round]]) -> Figures:
    figures: Figures = {}
    for name, some in rounds.items():
        figures[_key(engine, name)] = rounded(EVENTS / median(one.seconds for one in some))
        figures[f"{_key(engine, name)}_cpu"] = rounded(EVENTS / median(one.cpu for one in some))
    return figures


def ratios(rounds: Mapping[str, Sequence[Round]]) -> dict[str, float]:
    return {
        ratio: median(
            theirs.seconds / mine.seconds for mine, theirs in zip(rounds[ours], rounds[other], strict=True)
        )
        for ratio, (ours, other) in RATIOS.items()
    }
