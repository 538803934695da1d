"""The index filled with what was stored before it."""

from io import StringIO

import pytest
from django.core.management import call_command

from live_data.models import SearchFilling
from live_data.search import filling, index
from live_data.search.documents import BEHIND_ALL, FIRST
from live_data.search.needs import Needs
from tests.live_data.search.rows import paid, said
from tests.made import AT

pytestmark = pytest.mark.django_db


def known() -> int:
    """How many documents the index has with this word."""
    return len(index.candidates(Needs(("晚上",)), BEHIND_ALL, FIRST, 1000))


def test_a_rebuild_finds_everything_again() -> None:
    for number in range(5):
        said("晚上好", AT + number)
    paid("晚上", AT + 9)
    call_command("rebuild_search", stdout=StringIO())
    assert known() == 6
    assert not SearchFilling.objects.exists()


def test_a_rebuild_that_was_ended_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling._piece, "__defaults__", (2,))
    for number in range(5):
        said("晚上好", AT + number)
    filling.begin()
    assert filling.fill() == 1
    assert index.filled_from() > FIRST
    said("晚上", AT + 50)
    said("晚上", AT - 50)
    assert known() == 2
    call_command("rebuild_search", "--resume", stdout=StringIO())
    assert known() == 7


def test_many_rows_of_one_document_are_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling._piece, "__defaults__", (2,))
    for number in range(5):
        said("晚上好", AT, tail=number)
    filling.begin()
    while filling.fill() is not None:
        pass
    assert known() == 1
