"""The benchmarks of SQL with a few rows: that contestants do what is asked, not how fast."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks import databases, prepare, query, sync
from benchmarks.databases import Kept, prepared
from benchmarks.engines import ENGINES, Engine
from benchmarks.figures import BenchmarkFailed
from benchmarks.searched import LENGTHS

ROWS = 3_000


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[request.param]


@contextmanager
def open_folder() -> Iterator[Path]:
    """PostgreSQL is another user when this is root, and may not look into pytest's own folders."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def place() -> Iterator[Path]:
    """Where copies go."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def kept(engine: Engine) -> Iterator[Kept]:
    """A small one, in a folder of the test's own."""
    with pytest.MonkeyPatch.context() as patch, open_folder() as folder:
        patch.setattr(databases, "KEPT", folder)
        yield prepared(engine, ROWS)


def test_a_prepared_database_has_the_rows_and_is_filled_once(
    engine: Engine, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ROWS <= kept.rows < ROWS + 1_000
    assert not list(kept.folder.glob("*-wal"))
    monkeypatch.delattr(databases, "_fill")
    assert prepared(engine, ROWS) == kept
    figures = prepare.run(ROWS, engine.name)
    assert figures[f"{engine.name}_rows"] == kept.rows
    assert figures.keys() <= prepare.WORDS.keys()


def test_one_of_another_schema_is_filled_anew_and_the_old_one_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = ENGINES["sqlite"]
    monkeypatch.setattr(databases, "KEPT", tmp_path)
    other = prepared(engine, 20)
    monkeypatch.setattr(databases, "schema", lambda: "9999-newer")
    anew = prepared(engine, 10)
    assert anew.folder.exists()
    assert other.folder.exists()
    assert prepared(engine, 20).folder.exists()
    assert not other.folder.exists()


def test_every_way_stores_the_same_danmaku(
    engine: Engine, kept: Kept, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "EVENTS", 300)
    monkeypatch.setattr(sync, "COPIES", place)
    ways = [way for way in (*sync.WAYS, *sync.ALONE[1:]) if engine.name in way.engines]
    if engine.name == "postgresql":
        ways = ways[::2]
    rounds = sync.measure(engine, kept, 1, ways)
    assert rounds.keys() == {way.name for way in ways}
    assert all(len(some) == 1 for some in rounds.values())
    assert len({some[0].seen["danmaku"] for some in rounds.values()}) == 1
    assert not list(place.iterdir())
    assert sync.speeds(engine.name, rounds).keys() <= sync.WORDS.keys()
    if engine.name == "sqlite":
        assert sync.ratios(rounds).keys() == sync.RATIOS.keys()


@pytest.mark.usefixtures("kept")
def test_every_question_finds_something_and_what_is_missing_is_named(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query, "WORDS_EACH", 1)
    answers = query.asked(engine, ROWS)
    assert answers.cold.keys() == (answers.warm.keys() if engine.has_files else set())
    groups = {group for group, _ in answers.warm}
    assert groups == ({"page"} if "search" in answers.missing else {"search", "name", "page"})
    assert len(answers.like) == len(LENGTHS)


def test_an_engine_that_there_is_not_is_refused() -> None:
    with pytest.raises(BenchmarkFailed, match="oracle"):
        databases.known("oracle")
