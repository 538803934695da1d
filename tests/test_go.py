"""The pieces of go.py that decide; the whole of it is what `.ci/run` runs."""

import gettext
import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

import go

PO_HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A checkout with requirements and a .venv in a folder of its own; the commands that go.py would run."""
    done: list[str] = []
    for name in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / name).write_text(f"# {name}\n", encoding="utf-8")
    monkeypatch.setattr(go, "ROOT", tmp_path)
    monkeypatch.setattr(go, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(go, "find_uv", lambda: Path("uv"))

    def work(command: list[object], *_: object) -> None:
        done.append(" ".join(str(part) for part in command[1:] if not str(part).startswith("-")))
        go.program("python").parent.mkdir(parents=True, exist_ok=True)
        go.program("python").touch()

    monkeypatch.setattr(go, "_must_work", work)
    return done


def test_packages_are_installed_once_and_again_when_the_lock_changes(
    calls: list[str], tmp_path: Path
) -> None:
    go.install_python_packages(development=False)
    assert [call.split()[0] for call in calls] == ["venv", "pip"]
    go.install_python_packages(development=False)
    assert len(calls) == 2
    (tmp_path / "requirements.txt").write_text("# new\n", encoding="utf-8")
    go.install_python_packages(development=False)
    assert [call.split()[0] for call in calls] == ["venv", "pip", "pip"]


def test_a_run_after_the_tests_keeps_what_the_tests_need(calls: list[str]) -> None:
    go.install_python_packages(development=False)
    go.install_python_packages(development=True)
    assert calls[-1].endswith("requirements-dev.txt")
    before = len(calls)
    go.install_python_packages(development=False)
    assert len(calls) == before


def test_a_python_that_cannot_make_environments_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(go, "TOOLS", tmp_path / ".tools")
    monkeypatch.setattr("shutil.which", lambda _name: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(go.Failed, match=r"install python3-venv .* or uv"):
        go.find_uv()


def test_the_front_end_is_copied_with_its_licences_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules, downloads = tmp_path / "node_modules", 0

    def download(*_: object) -> None:
        nonlocal downloads
        downloads += 1
        for source in go.VENDORED:
            (modules / source).parent.mkdir(parents=True, exist_ok=True)
            (modules / source).write_text(source, encoding="utf-8")

    monkeypatch.setattr(go, "NODE_MODULES", modules)
    monkeypatch.setattr(go, "VENDOR", tmp_path / "static" / "vendor")
    monkeypatch.setattr(go, "_must_work", download)
    go.install_front_end()
    go.install_front_end()
    assert downloads == 1
    for source, target in go.VENDORED.items():
        copied = tmp_path / "static" / "vendor" / target
        assert copied.read_text(encoding="utf-8") == source
        assert gzip.decompress(copied.with_name(f"{copied.name}.gz").read_bytes()) == copied.read_bytes()
    (tmp_path / "static" / "vendor" / "chart.js" / "LICENSE.md").unlink()
    go.install_front_end()
    assert downloads == 2


def test_a_failed_download_says_what_to_do() -> None:
    with pytest.raises(go.Failed, match=r"Could not fetch it .* ended with 3") as failed:
        go._must_work([sys.executable, "-c", "raise SystemExit(3)"], {}, "fetch it")
    assert "\n" not in str(failed.value)


@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["--help"], 0), (["fly"], 2)])
def test_without_a_command_it_lists_them(arguments: list[str], code: int) -> None:
    done = subprocess.run(
        [sys.executable, go.__file__, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert all(f"  {command} " in done.stdout for command in go.COMMANDS)


def test_an_option_that_a_command_does_not_know_is_refused_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, go.__file__, "install", "--fast"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "--fast" in done.stderr


def test_newer_translations_are_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(go, "ROOT", tmp_path)
    monkeypatch.setattr(go, "program", lambda name: Path(sys.executable).with_name(name))
    source = tmp_path / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    for seconds, text in ((1, "弹幕"), (2, "礼物")):
        source.write_text(f'{PO_HEADER}msgid "x"\nmsgstr "{text}"\n', encoding="utf-8")
        go.compile_translations()
        with source.with_suffix(".mo").open("rb") as compiled:
            assert gettext.GNUTranslations(compiled).gettext("x") == text
        os.utime(source.with_suffix(".mo"), (seconds, seconds))
