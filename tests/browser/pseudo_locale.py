"""A language in which every sentence stands between ⟦ and ⟧: others were never marked for translation."""

from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from bilibili_monitor import catalogue
from runtime.setting_values import ROOT

OPENING, CLOSING = "⟦", "⟧"
LANGUAGE = "en-xa"
"""Its code in requests; Django has no catalogue of its own for it, and browsers know it as no other."""
FOLDER_VARIABLE = "PSEUDO_LOCALE_DIR"
_LOCALE = "en_XA"
_DJANGO = ("conf", "contrib/admin", "contrib/auth")


def environment(folder: Path) -> dict[str, str]:
    """For processes that are to speak it; its catalogue is written into ``folder``."""
    write(folder)
    return {"DJANGO_SETTINGS_MODULE": "tests.browser.pseudo_settings", FOLDER_VARIABLE: str(folder)}


def write(folder: Path) -> None:
    """The compiled catalogue, where Django looks below a folder of LOCALE_PATHS."""
    target = folder / _LOCALE / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, wrapped([catalogue.gather(ROOT), *_of_django()]))


def wrapped(catalogs: list[Catalog]) -> Catalog:
    """All their sentences, each its own translation."""
    pseudo = Catalog(locale="en", charset="utf-8")
    for message in (each for catalog in catalogs for each in catalogue.messages(catalog)):
        text, context = catalogue.key_of(message)
        string = _wrap(text) if isinstance(text, str) else tuple(_wrap(form) for form in text)
        pseudo.add(text, string, context=context)
    return pseudo


def _wrap(text: str) -> str:
    """A line break at either end stays there: catalogues keep it."""
    start, end = len(text) - len(text.lstrip("\n")), len(text.rstrip("\n"))
    return f"{text[:start]}{OPENING}{text[start:end]}{CLOSING}{text[end:]}"


def _of_django() -> list[Catalog]:
    """What Django itself says, as far as it says it in Chinese: errors of forms, the admin."""
    folder = Path(django.__file__).parent
    files = [folder / part / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po" for part in _DJANGO]
    return [catalogue.read(path, "zh_Hans") for path in files]
