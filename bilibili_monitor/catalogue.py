"""The catalogue of translations: every sentence of the sources, and what it is in another language.

Babel reads the sources, because a fresh machine has no gettext tools. Entries are sorted by their text and
name no places: moving code changes nothing in the file.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGES = ("bilibili_monitor", "live_data")
"""Whose modules have sentences for people."""
TEMPLATES = ("templates", "live_data/templates")

Id = str | tuple[str, str]  # with its plural
Key = tuple[Id, str | None]  # with its context

_LAZY = {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_KEYWORDS = {**DEFAULT_KEYWORDS, **_LAZY}


def sources(root: Path) -> list[Path]:
    """Modules and templates with sentences; migrations repeat those of the models."""
    modules = [path for name in PACKAGES for path in (root / name).rglob("*.py")]
    templates = [path for name in TEMPLATES for path in (root / name).rglob("*.html")]
    return sorted(path for path in modules + templates if "migrations" not in path.parts)


def sentences(path: Path) -> Iterator[Key]:
    """Those of one file."""
    text = path.read_text(encoding="utf-8")
    source = _as_python(text, path) if path.suffix == ".html" else text
    for _line, found, _comments, context in extract("python", BytesIO(source.encode()), _KEYWORDS):
        yield _id(found), context


def _as_python(template: str, path: Path) -> str:
    """Calls of gettext, between words of X; without the indentation, which would be none of Python's."""
    return "\n".join(line.strip() for line in templatize(template, str(path)).splitlines())


def gather(root: Path) -> Catalog:
    """All sentences of the sources, not translated."""
    catalog = Catalog(charset="utf-8")
    for path in sources(root):
        for found, context in sentences(path):
            catalog.add(found, context=context)
    return catalog


def read(path: Path, locale: str) -> Catalog:
    """The file of translations. Raises OSError, PoFileError."""
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def update(path: Path, gathered: Catalog) -> int:
    """Bring the file up to the sources; how many sentences it lacks."""
    catalog = updated(gathered, read(path, path.parts[-3]))
    _write(path, catalog)
    return sum(not is_translated(message) for message in messages(catalog))


def updated(gathered: Catalog, translated: Catalog) -> Catalog:
    """``gathered`` with the translations that there are; new sentences have none, gone ones are gone."""
    catalog = Catalog(locale=translated.locale, charset="utf-8", fuzzy=False)
    for message in sorted(messages(gathered), key=_order):
        known = translated.get(message.id, message.context)
        # A sentence that has got a plural, or lost it, is another sentence.
        kept = known is not None and isinstance(known.id, str) == isinstance(message.id, str)
        string = known.string if known is not None and kept else ""
        catalog.add(message.id, string, context=message.context, flags=message.flags)
    return catalog


def key_of(message: Message) -> Key:
    """What tells it from others."""
    return _id(message.id), message.context


def messages(catalog: Catalog) -> list[Message]:
    """Without the header, which Babel keeps as the message of no text."""
    return [message for message in catalog if message.id]


def is_translated(message: Message) -> bool:
    return all(strings(message)) and bool(message.string)


def strings(message: Message) -> list[str]:
    """Its translation, or one for each plural form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _write(path: Path, catalog: Catalog) -> None:
    """Below the header that people wrote: Babel's own has dates, which change at every run."""
    header, _blank, _entries = path.read_text(encoding="utf-8").partition("\n\n")
    body = BytesIO()
    write_po(body, catalog, width=0, no_location=True, omit_header=True)
    path.write_text(f"{header.strip()}\n\n{body.getvalue().decode().strip()}\n", encoding="utf-8")


def _order(message: Message) -> tuple[str, str, str]:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return text.casefold(), text, message.context or ""


def _id(found: str | Sequence[str]) -> Id:
    return found if isinstance(found, str) else (found[0], found[1])
