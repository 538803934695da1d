"""Asks the product what people would, in one process, and says how long each answer took.

Each line of stdin is answered by one of JSON, {"asked": [[group, name, ms], ...], "missing": [name, ...]}:
"warm" asks everything a few times and tells the median of each; "cold" asks once, with a new connection and
the database's file out of the system's memory; "like" looks for the rare words by LIKE. What the product
would remember for a while is computed each time.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

from benchmarks.contestants.questions import (
    Question,
    like_questions,
    missing,
    name_questions,
    page_questions,
    search_questions,
)
from benchmarks.history import History
from benchmarks.searched import sought, sought_names
from live_data.queries.remembered import Remembered

_REPEATS = 5


def run(told: Mapping[str, Any]) -> None:
    """``told``: {"each": how many words of a length and sort, "sample": events that they are taken from}."""
    Remembered.get = _computed  # type: ignore[method-assign, assignment]  # as said above
    wanted, places = sought(History(), told["each"], told["sample"])
    names = sought_names(History(), told["each"], told["sample"])
    ours = [*search_questions(wanted), *name_questions(names), *page_questions(places)]
    for line in sys.stdin:
        asked = {
            "warm": lambda: _ask(ours, _warm),
            "cold": lambda: _ask(ours, _cold),
            "like": lambda: _ask(like_questions(wanted), _warm_once),
        }[line.strip()]()
        print(json.dumps({"asked": asked, "missing": missing()}), flush=True)


def _computed(_self: object, _key: object, compute: Callable[[], Any]) -> Any:
    return compute()


def _ask(questions: list[Question], way: Callable[[Question], float]) -> list[tuple[str, str, float]]:
    return [(question.group, question.name, way(question)) for question in questions]


def _warm(question: Question) -> float:
    _timed(question)
    return median(_timed(question) for _ in range(_REPEATS))


def _warm_once(question: Question) -> float:
    _timed(question)
    return _timed(question)


def _cold(question: Question) -> float:
    connection.close()
    _forget_files()
    return _timed(question)


def _timed(question: Question) -> float:
    """In ms."""
    begun = time.perf_counter()
    found = question.ask()
    taken = (time.perf_counter() - begun) * 1000
    if not found and question.finds:
        raise RuntimeError(f"{question.name} found nothing: its time means nothing")
    return taken


def _forget_files() -> None:
    """The system reads the file from the disk again, where there is a way to ask for that."""
    path = Path(str(connection.settings_dict["NAME"]))
    if not path.is_file() or not hasattr(os, "posix_fadvise"):
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
