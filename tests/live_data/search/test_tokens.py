"""No text that has a word is without its tokens, whatever both are made of."""

from hypothesis import given
from hypothesis import strategies as st

from live_data.search import tokens
from live_data.search.folding import fold

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
#: Where a tokenizer has its traps: ASCII signs, NUL, quotation marks, facets, combining marks, emoji.
TRAPS = st.text(
    st.sampled_from("aA1 \"'\x00\x80\ue020-_*:()🐶👨\u200d\ufe0f\u0301é哈ガｶﾞ\n\u3000"), max_size=12
)


def as_ascii_tokenizer(text: str) -> set[str]:
    """As FTS5's: all of ASCII but letters and digits divides."""
    return set("".join(c if not c.isascii() or c.isalnum() else " " for c in text).split(" ")) - {""}


@given(ANY | TRAPS, ANY | TRAPS, ANY | TRAPS)
def test_a_text_has_the_tokens_of_every_word_in_it(before: str, word: str, behind: str) -> None:
    had = as_ascii_tokenizer(tokens.of_text(before + word + behind))
    assert set(tokens.of_word(fold(word), 100)) - {""} <= had


@given(ANY | TRAPS)
def test_no_text_is_taken_for_a_facet(text: str) -> None:
    facets = {tokens.of_room(1), tokens.of_person(None), tokens.of_person(16), tokens.of_kind("sc")}
    had = as_ascii_tokenizer(tokens.of_text(text))
    assert not had & facets
    assert not any(token.startswith("\x80") for token in had)
    assert as_ascii_tokenizer(" ".join(facets)) == facets


def test_a_word_has_at_most_so_many_tokens() -> None:
    assert list(tokens.of_word("abcabcabd", 3)) == ["ab", "bc", "ca"]
    assert list(tokens.of_word("a", 3)) == ["a"]
