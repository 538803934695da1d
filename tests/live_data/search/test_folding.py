"""What is equal to a search, and that a hit in the folded text is a hit in the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from live_data.search.folding import find, fold

ANY = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ＡＷＳＬ", "awsl"),
        ("ΣΑΣ", "σας"),
        ("１２３", "123"),
        ("ｱｲｳ", "アイウ"),
        ("！？", "!?"),
        ("\u3000", " "),
    ],
)
def test_case_and_width_make_no_difference(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ß", "ss"), ("国", "國"), ("か", "が"), ("e", "é"), ("か", "カ")]
)
def test_everything_else_does(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(ANY)
def test_folding_keeps_every_place_and_is_done_once(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@given(ANY, ANY)
def test_texts_fold_piece_by_piece(one: str, other: str) -> None:
    assert fold(one + other) == fold(one) + fold(other)


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("哈哈哈哈哈", ["哈哈"], [(0, 5)]),
        ("İstanbul ＡＷＳＬ", ["awsl"], [(9, 13)]),
        ("abcabc", ["c", "ab"], [(0, 6)]),
        ("a.b", ["."], [(1, 2)]),
        ("nothing", ["", "x"], []),
    ],
)
def test_hits_are_found_in_the_original(text: str, words: list[str], places: list[tuple[int, int]]) -> None:
    assert find(text, words) == places


def test_a_text_full_of_hits_is_marked_up_to_a_bound() -> None:
    (place,) = find("a" * 10_000, ["a" * length for length in range(1, 40)])
    assert place[0] == 0
    assert 100 < place[1] < 2_000
