"""What a benchmark hands back. Must not know any benchmark."""

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

#: Name -> number or word, ready for JSON. A name that begins with ``ratio_`` is above 1 when we are faster.
Figures: TypeAlias = dict[str, object]


class BenchmarkFailed(Exception):
    """The text is one line: what made the figures worthless."""


class Benchmark(Protocol):
    """What a module named in the table of `__main__` must have."""

    #: Name of a figure -> what it says, with its unit and aim.
    WORDS: Mapping[str, str]

    @property
    def run(self) -> Callable[..., Figures]:
        """Measure. Its parameters are names of options of the command line.

        Raises BenchmarkFailed rather than hand back figures that compare unlike things.
        """
        ...


def rounded(value: float) -> float:
    """Three digits that mean something: what is noise is not shown."""
    return float(f"{value:.3g}") if abs(value) < 1000 else float(round(value))
