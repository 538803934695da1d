"""What the index is asked for. Pure."""

from dataclasses import dataclass
from typing import NamedTuple


class Rows(NamedTuple):
    """Some of the rows: few beside all documents, and told apart by their own tables."""

    kind: str  #: of documents.TABLES
    room_id: int | None  #: None: of any


@dataclass(frozen=True, slots=True)
class Needs:
    """Documents with all of the tokens, and one of each group."""

    tokens: tuple[str, ...] = ()
    groups: tuple[tuple[str, ...], ...] = ()
    rows: Rows | None = None  #: whose documents alone are wanted, as tokens say, too; None: of any
