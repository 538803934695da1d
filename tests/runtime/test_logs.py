"""Log files, in a process of their own: pytest keeps the logging of this one."""

from pathlib import Path

from tests.runtime.running import started

WRITE = """
import logging, sys, warnings
from pathlib import Path
from runtime import logs
logs.FILE_BYTES = 2000
logs.configure("web", Path(sys.argv[1]), "INFO")
logging.getLogger("a.b").debug("too small")
for number in range(int(sys.argv[2])):
    logging.getLogger("a.b").info("弹幕 %d \\ud800", number)
warnings.warn("look here")
"""


def _write(folder: Path, lines: int) -> str:
    with started(["-c", WRITE, str(folder), str(lines)], {"LC_ALL": "C"}) as process:
        printed, _ = process.communicate()
    assert process.returncode == 0
    return printed


def test_lines_are_utf8_with_utc_time_whatever_the_locale_and_none_is_printed(
    tmp_path: Path,
) -> None:
    assert _write(tmp_path / "logs", 1) == ""
    line, warning, *_ = (tmp_path / "logs" / "web.log").read_text(encoding="utf-8").splitlines()
    time, rest = line.split(" INFO ")
    assert time.endswith("Z")
    assert rest == "a.b 弹幕 0 \\ud800"
    assert "look here" in warning


def test_files_rotate_and_only_some_are_kept(tmp_path: Path) -> None:
    _write(tmp_path, 500)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"web.log", "web.log.1", "web.log.2", "web.log.3"}
    assert max(path.stat().st_size for path in tmp_path.iterdir()) <= 2000
