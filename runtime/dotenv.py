"""The `.env` file: KEY=VALUE lines to a dictionary. Knows the syntax, not the settings."""

from pathlib import Path

from runtime.errors import BadSetting

_QUOTES = "'\""


def read(path: Path) -> dict[str, str]:
    """The variables of `path` (UTF-8, a byte order mark is allowed); empty when there is no such file.

    Raises BadSetting with the line number for a line that is neither blank, comment nor KEY=VALUE.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path}: cannot be read ({error}); save it as UTF-8 text.") from error
    pairs = (_pair(path, number, line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    return dict(pair for pair in pairs if pair is not None)


def _pair(path: Path, number: int, line: str) -> tuple[str, str] | None:
    if not line or line.startswith("#"):
        return None
    name, equals, value = line.removeprefix("export ").partition("=")
    name = name.strip()
    if not equals or not name.isidentifier():
        raise BadSetting(
            f"{path}, line {number}: {line!r} is not NAME=VALUE; write it so, or put # before it."
        )
    return name, _unquoted(path, number, value.strip())


def _unquoted(path: Path, number: int, value: str) -> str:
    if value[:1] and value[0] in _QUOTES:
        end = value.find(value[0], 1)
        if end < 0:
            raise BadSetting(f"{path}, line {number}: the quote {value[0]} is not closed.")
        return value[1:end]
    # Only behind a blank does a number sign begin a comment: passwords in URLs may have one inside.
    return value.partition(" #")[0].rstrip()
