"""`python -m benchmarks`: names, exit codes, and the line that machines read."""

import json

import pytest

from benchmarks import __main__ as command_line
from benchmarks.figures import BenchmarkFailed, Figures

WORDS = {"ratio_peer": "times the peer"}


def run() -> Figures:
    return {"ratio_peer": 2.5, "note": "x"}


@pytest.fixture
def _only_this_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_line, "BENCHMARKS", {"one": __name__, "two": __name__})


def test_an_unknown_name_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["fly", "--json"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "fly" in err
    assert all(name in err for name in command_line.BENCHMARKS)


@pytest.mark.usefixtures("_only_this_module")
def test_with_json_the_last_line_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["one", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == run()


@pytest.mark.usefixtures("_only_this_module")
def test_without_a_name_all_run_and_the_object_has_them_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"one": run(), "two": run()}


@pytest.mark.usefixtures("_only_this_module")
def test_people_read_each_figure_with_what_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["one"]) == 0
    name, ratio, note = capsys.readouterr().out.splitlines()
    assert name == "one"
    assert ratio.split() == ["ratio_peer", "2.5", "times", "the", "peer"]
    assert note.split() == ["note", "x"]


@pytest.mark.usefixtures("_only_this_module")
def test_a_benchmark_that_fails_says_why_and_shows_no_figures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> Figures:
        raise BenchmarkFailed("the peer saw 3 of 4 messages")

    monkeypatch.setitem(globals(), "run", fails)
    assert command_line.main(["one", "--json"]) == 1
    assert capsys.readouterr() == ("", "Error: one: the peer saw 3 of 4 messages\n")
