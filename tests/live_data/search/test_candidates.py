"""Candidates of the index: all that have the tokens, newest first, in pieces of any size, whichever way."""

from itertools import product
from unittest.mock import patch

import pytest

from live_data.search import index, tokens
from live_data.search.documents import BEHIND_ALL, DANMAKU, FIRST, SUPER_CHAT, docid_of
from live_data.search.engines import postgresql
from live_data.search.needs import Needs, Rows
from tests.live_data.search.rows import paid, said
from tests.live_data.search.ways import WAYS
from tests.made import AT, ROOM

pytestmark = pytest.mark.django_db

THERE, ALSO_THERE = ((tokens.of_room(room_id),) for room_id in (ROOM, ROOM + 1))
PAID = (tokens.of_kind(SUPER_CHAT),)


def _all_of(needs: Needs, size: int, floor: int) -> list[int]:
    found: list[int] = []
    below = BEHIND_ALL
    while docids := index.candidates(needs, below, floor, size):
        found += docids
        if len(docids) < size:
            break
        below = docids[-1]
    return found


@pytest.mark.parametrize("way", WAYS)
def test_all_are_found_once_and_in_order(way: dict[str, int]) -> None:
    # Three to a millisecond, of which two share a document; every second one has the word, every fourth is in
    # the other room, every fifth is paid.
    docids: dict[int, set[tuple[str, int, str]]] = {}
    for number in range(60):
        word, room_id = ("晚上" if number % 2 else "早上"), ROOM + (number % 4 == 0)
        say, kind = (paid, SUPER_CHAT) if number % 5 == 0 else (said, DANMAKU)
        row = say(word, AT + number // 3, ((number % 3 > 0) << 70) + number, room_id=room_id)
        docids.setdefault(docid_of(row.event_id), set()).add((word, room_id, kind))

    def having(word: str, room_id: int | None = None, kind: str | None = None) -> set[int]:
        """A document has the tokens of all its rows."""
        return {
            docid
            for docid, rows in docids.items()
            if any(each[0] == word for each in rows)
            and (room_id is None or any(each[1] == room_id for each in rows))
            and (kind is None or any(each[2] == kind for each in rows))
        }

    middle = sorted(docids)[len(docids) // 2]
    asked: tuple[tuple[Needs, set[int]], ...] = (
        (Needs(("晚上",)), having("晚上")),
        (Needs(("没有",)), set()),
        (Needs(("晚上", "早上")), having("晚上") & having("早上")),
        (Needs(("晚上",), (THERE,)), having("晚上", ROOM)),
        (Needs(("晚上",), ((*THERE, *ALSO_THERE),)), having("晚上")),
        (Needs(("早上",), (ALSO_THERE,), Rows(DANMAKU, ROOM + 1)), having("早上", ROOM + 1)),
        (Needs(("早上",), (THERE,), Rows(DANMAKU, ROOM)), having("早上", ROOM)),
        (Needs(("晚上",), (PAID,), Rows(SUPER_CHAT, None)), having("晚上", None, SUPER_CHAT)),
    )
    for (needs, wanted), size, floor in product(asked, (1, 3, 100), (FIRST, middle)):
        with patch.dict(vars(postgresql), way):
            found = _all_of(needs, size, floor)
        # Of some rows it may leave out those that only others have.
        assert found == sorted(set(found), reverse=True)
        assert set(found) <= {docid for docid in wanted if docid >= floor}
        if needs.rows is None:
            assert set(found) == {docid for docid in wanted if docid >= floor}
        else:
            some = needs.rows
            of_rows = {
                docid
                for docid in wanted
                if docid >= floor
                and any(each[2] == some.kind and some.room_id in (None, each[1]) for each in docids[docid])
            }
            assert set(found) >= of_rows
