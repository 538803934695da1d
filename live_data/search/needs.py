"""What the index is asked for. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Needs:
    """Documents with all of the tokens, and one of each group."""

    tokens: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
