"""`python -m benchmarks [NAME...] [--json]`: runs benchmarks by name, all of them when none is named."""

import argparse
import importlib
import inspect
import json
import sys
from collections.abc import Sequence
from typing import Any, cast

from benchmarks.figures import Benchmark, BenchmarkFailed, Figures

#: Name -> module; imported when it is asked for, so that each may need what the others do not.
BENCHMARKS = {
    "decode": "benchmarks.decode",
    "redis": "benchmarks.wire_to_redis",
    "rooms": "benchmarks.rooms",
    "prepare": "benchmarks.prepare",
    "sync": "benchmarks.sync",
    "query": "benchmarks.query",
    "load": "benchmarks.load",
}


def main(arguments: Sequence[str]) -> int:
    """The exit code: 1 when a benchmark failed, 2 when there is none of this name."""
    asked = _parser().parse_args(arguments)
    names: list[str] = asked.names or list(BENCHMARKS)
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        return _say(2, f"There is no benchmark {', '.join(unknown)}. There are: {', '.join(BENCHMARKS)}.")
    figures: dict[str, Figures] = {}
    for name in names:
        benchmark = cast(Benchmark, importlib.import_module(BENCHMARKS[name]))
        try:
            figures[name] = benchmark.run(**_options(benchmark, asked))
        except BenchmarkFailed as error:
            return _say(1, f"{name}: {error}")
        print(table(name, figures[name], benchmark), flush=True)
    if asked.json:
        print(json.dumps(figures[names[0]] if len(names) == 1 else figures))
    return 0


def _options(benchmark: Benchmark, asked: argparse.Namespace) -> dict[str, Any]:
    """Those that this benchmark takes."""
    return {name: getattr(asked, name) for name in inspect.signature(benchmark.run).parameters}


def table(name: str, figures: Figures, benchmark: Benchmark) -> str:
    """The figures for people: each with what it says."""
    width = max(map(len, figures), default=0)
    lines = (
        f"  {key:{width}}  {value!s:>9}  {benchmark.WORDS.get(key, '')}" for key, value in figures.items()
    )
    return "\n".join([name, *(line.rstrip() for line in lines)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument(
        "--json", action="store_true", help="end with one JSON object: of several benchmarks, by name"
    )
    parser.add_argument(
        "--rows", type=int, default=10_000_000, help="of the databases (prepare, sync, query)"
    )
    parser.add_argument("--engine", default="both", help="sqlite, postgresql or both (prepare, sync, query)")
    parser.add_argument("--rate", type=int, default=10_000, help="events a second (load)")
    parser.add_argument("--seconds", type=float, default=60, help="for how long (load)")
    return parser


def _say(code: int, line: str) -> int:
    print(f"Error: {line}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
