"""`.env` as people write it."""

from pathlib import Path

import pytest

from runtime import dotenv
from runtime.errors import BadSetting


def _read(folder: Path, text: str, encoding: str = "utf-8") -> dict[str, str]:
    path = folder / ".env"
    path.write_bytes(text.encode(encoding))
    return dotenv.read(path)


def test_it_reads_names_and_values(tmp_path: Path) -> None:
    assert _read(tmp_path, "PORT=9000\nDATA_DIR = 直播 数据 \n") == {"PORT": "9000", "DATA_DIR": "直播 数据"}


def test_a_file_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert dotenv.read(tmp_path / "none") == {}


def test_the_byte_order_mark_of_windows_editors_is_no_part_of_a_name(tmp_path: Path) -> None:
    assert _read(tmp_path, "PORT=9000\r\n", "utf-8-sig") == {"PORT": "9000"}


def test_comments_and_blank_lines_say_nothing(tmp_path: Path) -> None:
    assert _read(tmp_path, "# PORT=1\n\n   \nPORT=9000 # the page\n") == {"PORT": "9000"}


def test_a_number_sign_inside_a_value_belongs_to_it(tmp_path: Path) -> None:
    assert _read(tmp_path, "REDIS_URL=redis://:a#b@host") == {"REDIS_URL": "redis://:a#b@host"}


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quotes_keep_what_is_inside(tmp_path: Path, quote: str) -> None:
    assert _read(tmp_path, f"DATA_DIR={quote} a # b {quote} # c") == {"DATA_DIR": " a # b "}


def test_a_line_for_a_shell_is_understood(tmp_path: Path) -> None:
    assert _read(tmp_path, "export PORT=9000") == {"PORT": "9000"}


@pytest.mark.parametrize("line", ["PORT", "=9000", "PO RT=9000", "PORT='9000"])
def test_a_line_that_is_no_setting_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadSetting, match="line 2") as refused:
        _read(tmp_path, f"HOST=127.0.0.1\n{line}\n")
    assert "\n" not in str(refused.value)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="UTF-8"):
        _read(tmp_path, "DATA_DIR=直播", "gb18030")
