"""Translations: that all sentences of the sources are found, and that each of them is translated."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings

from bilibili_monitor import catalogue

CHINESE = settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"\
"""
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<!\{)\{\w*\}|%[sd]")
MODULE = """
from django.utils.translation import gettext as _, gettext_lazy, ngettext, ngettext_lazy
from django.utils.translation import pgettext, pgettext_lazy

_("plain %(x)s"), gettext_lazy("lazy" " and joined"), ngettext("one %(n)d", "many %(n)d", 2)
ngettext_lazy("one lazy", "many lazy"), pgettext("a verb", "watch"), pgettext_lazy("a noun", "watch")
not_translated("nothing")
"""
TEMPLATE = """
{% load i18n %}
  <p title="{% translate 'a "quoted" title' %}">
      {% translate "one" %} isn't "it" {{ _("a constant") }} {% translate "page" context "of a book" %}
    {% blocktranslate trimmed with name=room.name|upper %}
        over two
        lines for {{ name }}, 100%
    {% endblocktranslate %}
  {# not "this" #}
    {% blocktranslate count n=count %}{{ n }} room{% plural %}{{ n }} rooms{% endblocktranslate %}
{% include "part.html" with label=_("a label") %}
</p>"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one module and one template."""
    for name, text in {
        "live_data/views/page.py": MODULE,
        "live_data/migrations/0001_initial.py": '_("of a migration")',
        "templates/page.html": TEMPLATE,
        "elsewhere/other.py": '_("elsewhere")',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def po(tmp_path: Path) -> Path:
    path = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    return path


def keys(catalog: Catalog) -> set[tuple[catalogue.Id, str | None]]:
    return {catalogue.key_of(message) for message in catalogue.messages(catalog)}


def gathered(*texts: catalogue.Id) -> Catalog:
    catalog = Catalog()
    for text in texts:
        catalog.add(text)
    return catalog


def test_every_way_to_mark_a_sentence_is_understood(root: Path) -> None:
    assert keys(catalogue.gather(root)) == {
        ("plain %(x)s", None),
        ("lazy and joined", None),
        (("one %(n)d", "many %(n)d"), None),
        (("one lazy", "many lazy"), None),
        ("watch", "a verb"),
        ("watch", "a noun"),
        ('a "quoted" title', None),
        ("one", None),
        ("a constant", None),
        ("page", "of a book"),
        ("over two lines for %(name)s, 100%%", None),
        (("%(n)s room", "%(n)s rooms"), None),
        ("a label", None),
    }


def test_new_sentences_come_in_gone_ones_go_and_translations_stay(po: Path) -> None:
    po.write_text(
        f'{HEADER}\n\n#: old.py:5\nmsgid "gone"\nmsgstr "没了"\n\nmsgid "kept"\nmsgstr "留下"\n', "utf-8"
    )
    assert catalogue.update(po, gathered("new", "kept", ("one %(n)d", "many %(n)d"))) == 2
    assert po.read_text("utf-8") == (
        f'{HEADER}\n\nmsgid "kept"\nmsgstr "留下"\n\nmsgid "new"\nmsgstr ""\n\n'
        '#, python-format\nmsgid "one %(n)d"\nmsgid_plural "many %(n)d"\nmsgstr[0] ""\n'
    )


def test_a_sentence_that_gets_a_plural_is_to_be_translated_anew(po: Path) -> None:
    po.write_text(f'{HEADER}\n\nmsgid "one"\nmsgstr "一"\n', "utf-8")
    assert catalogue.update(po, gathered(("one", "many"))) == 1


def test_the_order_of_the_sources_changes_nothing(po: Path) -> None:
    texts = ["b", "A", "a", "长" * 200]
    written = set()
    for order in (texts, texts[::-1]):
        po.write_text(f"{HEADER}\n", "utf-8")
        for _ in range(2):
            catalogue.update(po, gathered(*order))
            written.add(po.read_text("utf-8"))
    assert len(written) == 1


def test_the_command_leaves_a_catalogue_that_is_up_to_date_alone(tmp_path: Path, po: Path) -> None:
    po.write_bytes(CHINESE.read_bytes())
    catalogue.update(po, catalogue.read(CHINESE, "zh_Hans"))
    assert po.read_bytes() == CHINESE.read_bytes()


def test_every_sentence_of_the_sources_is_in_the_chinese_catalogue_and_no_other() -> None:
    translated = catalogue.read(CHINESE, "zh_Hans")
    wanted, there = keys(catalogue.gather(settings.BASE_DIR)), keys(translated)
    assert (sorted(map(str, wanted - there)), sorted(map(str, there - wanted))) == ([], []), (
        "run: make messages"
    )
    assert not translated.obsolete


def test_every_sentence_is_translated_into_chinese() -> None:
    missing = [message.id for message in _chinese() if not catalogue.is_translated(message)]
    assert missing == []


def test_no_translation_is_a_guess() -> None:
    assert [message.id for message in _chinese() if message.fuzzy] == []


def test_translations_have_the_placeholders_of_their_sentences() -> None:
    wrong = [message.id for message in _chinese() if not _fits(message)]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "string", "fits"),
    [
        ("%(a)s of {b}", "{b} 的 %(a)s", True),
        ("%(a)s", "%(b)s", False),
        ("{a}", "a", False),
        ("a", "{a}", False),
        ("%(a)d", "%(a)s", False),
        (("one room", "%(n)d rooms"), ("%(n)d 个",), True),
        (("one room", "%(n)d rooms"), ("很多个",), False),
    ],
)
def test_a_placeholder_that_is_lost_is_noticed(
    text: catalogue.Id, string: str | tuple[str, ...], fits: bool
) -> None:
    assert _fits(Message(text, string)) is fits


def _chinese() -> Iterable[Message]:
    return catalogue.messages(catalogue.read(CHINESE, "zh_Hans"))


def _fits(message: Message) -> bool:
    """Chinese has one form for all numbers: it needs what the plural has."""
    text = message.id if isinstance(message.id, str) else message.id[1]
    return all(
        _placeholders(text) == _placeholders(string) for string in catalogue.strings(message) if string
    )


def _placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))
