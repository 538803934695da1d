"""Rules of the house that no linter sees: what lies at the top, how long a module is, what locks may say."""

import re
import subprocess
from pathlib import Path

import go
from bilibili_monitor.checks import VENDORED
from runtime import environment

ROOT = Path(__file__).resolve().parent.parent

HOUSE = {
    ".ci",
    ".env.example",
    ".gitignore",
    ".npmrc",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "benchmarks",
    "bilibili_live",
    "bilibili_monitor",
    "collector",
    "docs",
    "event_store",
    "go.py",
    "journal",
    "live_data",
    "locale",
    "manage.py",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
    "runtime",
    "simulator",
    "templates",
    "tests",
}
MOST_LINES = 400
EMPTY_NAMES = {"utils", "helpers", "common", "manager", "handler", "util", "helper", "misc"}
BROAD_EXCEPTS = 2
"""The per-room task boundary of the collector and the sync loop."""


def test_nothing_lies_at_the_top_that_the_house_does_not_know() -> None:
    assert {path.parts[0] for path in _tracked()} - HOUSE == set()


def test_no_module_is_too_long() -> None:
    lengths = {path: len(_text(path).splitlines()) for path in _modules()}
    assert {path: lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [path for path in _modules() if EMPTY_NAMES & {path.stem, *path.parts[:-1]}] == []


def test_only_two_places_catch_everything() -> None:
    broad = [
        f"{path}: {line.strip()}"
        for path in _modules()
        for line in _text(path).splitlines()
        if re.match(r"\s*except (Base)?Exception\b|\s*except:", line)
    ]
    assert len(broad) <= BROAD_EXCEPTS, broad


def test_the_example_of_settings_names_all_of_them() -> None:
    assert sorted(_example()) == sorted(environment.names())


def test_the_example_of_settings_shows_the_defaults() -> None:
    assert environment.load(_example(), None) == environment.load({}, None)


def test_each_setting_is_explained() -> None:
    for paragraph in _text(Path(".env.example")).strip().split("\n\n")[1:]:
        *sentences, setting = paragraph.splitlines()
        assert setting.startswith("#")
        assert "=" in setting
        assert sentences
        assert all(sentence.startswith("# ") for sentence in sentences), setting


def test_locks_carry_no_addresses() -> None:
    others = [str(path) for path in _tracked() if path.match("benchmarks/requirements-*.txt")]
    assert others
    for lock in ("requirements.txt", "requirements-dev.txt", "package-lock.json", *others):
        assert "://" not in _text(Path(lock)), lock
        assert '"resolved"' not in _text(Path(lock)), lock


def test_the_lock_for_development_contains_the_one_for_running() -> None:
    pinned = re.compile(r"^[\w.\[\]-]+==\S+", re.MULTILINE)
    running, development = (
        set(pinned.findall(_text(Path(name)))) for name in ("requirements.txt", "requirements-dev.txt")
    )
    assert running
    assert running - development == set()


def test_ci_runs_the_checks_and_the_test_command_of_the_readme() -> None:
    commands = [line for line in _text(Path(".ci/run")).splitlines() if line.startswith("make ")]
    shown = [line.partition("#")[0].strip() for line in _text(Path("README.md")).splitlines()]
    assert commands == ["make check", "make test"]
    assert commands[-1] in shown


def test_what_the_system_check_looks_for_is_what_is_installed() -> None:
    assert set(VENDORED) <= set(go.VENDORED.values())


def test_make_knows_the_commands_of_go() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", _text(Path("Makefile")), re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == {*go.COMMANDS, "help"}


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [Path(name) for name in listed.stdout.decode().split("\0") if name]


def _modules() -> list[Path]:
    """Written by people: migrations are made by a program."""
    return [path for path in _tracked() if path.suffix == ".py" and "migrations" not in path.parts]


def _text(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _example() -> dict[str, str]:
    return dict(re.findall(r"^#([A-Z_]+)=(.*)$", _text(Path(".env.example")), re.MULTILINE))
