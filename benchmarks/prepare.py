"""Databases for `sync` and `query`: filled once by our own sync, kept in `.tools/bench/data`."""

from collections.abc import Iterator, Mapping

from benchmarks.databases import known, prepared
from benchmarks.engines import ENGINES
from benchmarks.figures import Figures


def _words() -> Iterator[tuple[str, str]]:
    for name in ENGINES:
        yield f"{name}_rows", "events with a row of their own"
        yield f"{name}_seconds", "that filling took, when it was filled"
        yield f"{name}_megabytes", "on disk, with indexes, rollups and all"


WORDS: Mapping[str, str] = dict(_words())


def run(rows: int, engine: str) -> Figures:
    """Fill what is not there yet: of "sqlite", "postgresql" or "both"."""
    figures: Figures = {}
    for each in known(engine):
        kept = prepared(each, rows)
        told = {"rows": kept.rows, "seconds": kept.seconds, "megabytes": kept.megabytes}
        figures |= {f"{each.name}_{name}": value for name, value in told.items()}
    return figures
