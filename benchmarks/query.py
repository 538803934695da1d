"""How long the product's answers take at ten million rows: searches to their first page, of what was said and
of people, and pages.

The server's time, asked of Django itself in a process of its own: middleware, query, rendering. The headlines
are warm: the median of a few times each, over all questions the 95th percentile; cold ones, with the file out
of the system's memory, stand beside them. One million beside it is the last tenth of the same history.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.databases import known, prepared, settings_of
from benchmarks.engines import Engine
from benchmarks.figures import Figures, rounded
from benchmarks.peers import Peer, Running
from benchmarks.searched import SAMPLE
from benchmarks.valkey import serving

WORDS_EACH = 3  #: of a length and sort
_TENTH = 10

#: (group, name) -> ms
Times = Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Answers:
    warm: Times
    cold: Times  #: empty where the files are a server's
    like: Times
    missing: Sequence[str]


def _words() -> Iterator[tuple[str, str]]:
    yield "rows", "of the larger database"
    yield (
        "search_p95_ms",
        "words of 1, 2, 3, 6 characters, rare and frequent, with and without filters; aim: below 50",
    )
    yield "search_cold_p95_ms", "the same with nothing in memory, on SQLite"
    yield "rare_ratio_like", "LIKE / ours, rare words without filters; aim: at least 100"
    yield "name_p95_ms", "parts of 1, 2, 3 characters of people's names, rare and frequent; aim: below 50"
    yield "name_cold_p95_ms", "the same with nothing in memory, on SQLite"
    yield "page_p95_ms", "lists, pages, charts; aim: below 150"
    yield "page_cold_p95_ms", "the same with nothing in memory, on SQLite"
    yield "growth_1m_10m", "the largest of growth_search, growth_name and growth_page; aim: below 1.5"
    yield "growth_search", "search_p95_ms / the same of the last tenth of the history"
    yield "growth_name", "name_p95_ms / the same of the last tenth"
    yield "growth_page", "page_p95_ms / the same of the last tenth"
    yield "slowest_search", "which one it was"
    yield "slowest_name", "which one it was"
    yield "slowest_page", "which one it was"
    yield "missing", "what is not there to be asked"


WORDS: Mapping[str, str] = dict(_words())


def run(rows: int, engine: str) -> Figures:
    """Of several engines each one's figures stand under its name, and of each figure the worse one on top."""
    several = {each.name: _measure(each, rows) for each in known(engine)}
    figures: Figures = {"rows": rows}
    for name in WORDS:
        values = [each[name] for each in several.values() if name in each]
        numbers = [value for value in values if isinstance(value, int | float)]
        if numbers:
            figures[name] = min(numbers) if name == "rare_ratio_like" else max(numbers)
        elif values:
            figures[name] = "; ".join(dict.fromkeys(map(str, values)))
    return figures | (several if len(several) > 1 else {})


def _measure(engine: Engine, rows: int) -> Figures:
    many, few = asked(engine, rows), asked(engine, rows // _TENTH)
    figures: Figures = {}
    growths = []
    for group in sorted({group for group, _ in many.warm}):
        p95 = _p95(many.warm, group)
        growths.append(p95 / _p95(few.warm, group))
        slowest, taken = max(_of(many.warm, group).items(), key=lambda item: item[1])
        figures |= {
            f"{group}_p95_ms": rounded(p95),
            f"growth_{group}": rounded(growths[-1]),
            f"slowest_{group}": f"{slowest} ({taken:.0f} ms)",
        }
        if many.cold:
            figures[f"{group}_cold_p95_ms"] = rounded(_p95(many.cold, group))
    figures["growth_1m_10m"] = rounded(max(growths))
    searches = _of(many.warm, "search")
    beside = [like / searches[name] for name, like in _of(many.like, "like").items() if name in searches]
    if beside:
        figures["rare_ratio_like"] = rounded(median(beside))
    return figures | {"missing": ", ".join(many.missing)}


def _of(times: Times, group: str) -> dict[str, float]:
    return {name: ms for (sort, name), ms in times.items() if sort == group}


def _p95(times: Times, group: str) -> float:
    return quantiles(_of(times, group).values(), n=20, method="inclusive")[-1]


def asked(engine: Engine, rows: int) -> Answers:
    kept = prepared(engine, rows)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(serving(folder))
        url = stack.enter_context(engine.serving(kept.folder))
        peer = Peer(f"{engine.name} {rows}", "with_django", settings=settings_of(url, folder, folder))
        told = json.dumps({"program": "asking", "each": WORDS_EACH, "sample": min(rows, SAMPLE)})
        asking = stack.enter_context(Running(peer, told))
        ways = ("cold", "warm", "like") if engine.has_files else ("warm", "like")
        answers = {way: asking.ask(way) for way in ways}
    times = {way: {(group, name): ms for group, name, ms in told["asked"]} for way, told in answers.items()}
    return Answers(times["warm"], times.get("cold", {}), times["like"], answers["warm"]["missing"])
