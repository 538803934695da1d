"""What a search may ask: the query itself, and the fields that write one."""

import re
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from live_data.forms.fields import ZonedForm, short_text
from live_data.forms.lists import BAD_CURSOR, LimitForm, PageForm
from live_data.search.facets import FACETS, GUARDS, KINDS
from live_data.search.language import LONGEST, QueryError, parse
from live_data.search.terms import Query, Term

_LONGEST_FIELD = 200  #: characters
_CHOICES = ("type", "guard")
_NUMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)
_FIELDS = ("room", "from", "medal", "price", "level", "since", "until", *_CHOICES)


class QueryField(forms.CharField):
    """Text to a Query; the error carries its place as ``params``."""

    def clean(self, value: Any) -> Any:
        try:
            return parse(super().clean(value))
        except QueryError as error:
            raise forms.ValidationError(str(error), params={"place": error.place}) from error


class QueryForm(LimitForm):
    """`?q=&limit=`: a search."""

    q = QueryField(required=False, strip=False)

    def query(self) -> Query:
        """Of a valid form."""
        return cast(Query, self.cleaned_data["q"])

    def refuse(self, error: QueryError) -> None:
        """What only the database knew to be wrong."""
        self.add_error("q", forms.ValidationError(str(error), params={"place": error.place}))

    def marked(self) -> tuple[str, str, str] | None:
        """What was typed: before the mistake, the mistake, and behind it; None: there is none to be seen."""
        for error in self.errors.as_data().get("q", []):
            if error.params and "place" in error.params:
                start, end = error.params["place"]
                text = str(self.data.get("q", ""))
                return text[max(0, start - 40) : start], text[start : min(end, start + 80)], text[end:][:40]
        return None


class SearchForm(ZonedForm, QueryForm, PageForm):
    """`?q=&tz=&limit=&cursor=`: a page of hits; times of the query are those of ``tz``, else the viewer's."""


class NamesForm(QueryForm):
    """`?q=&limit=&cursor=`: a page of names; the cursor is the number of the last one."""

    cursor = forms.CharField(required=False, strip=False)

    def clean_cursor(self) -> int | None:
        text: str = self.cleaned_data["cursor"]
        if text and not _NUMBER.fullmatch(text):
            raise forms.ValidationError(BAD_CURSOR % {"cursor": text[:80]})
        return int(text) if text else None


def _text() -> forms.CharField:
    return short_text(_LONGEST_FIELD)


class BuilderForm(forms.Form):
    """The fields that write a query, each for one facet; ``rest`` carries along what they cannot hold."""

    words = _text()
    without = _text()
    rest = short_text(LONGEST)
    room, medal, price, level, since, until = (_text() for _ in range(6))
    type = forms.ChoiceField(required=False, choices=[("", ""), *((key, key) for key in KINDS)])
    guard = forms.ChoiceField(required=False, choices=[("", ""), *((key, key) for key in GUARDS)])

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        self.fields["from"] = _text()  # a word of Python's

    @classmethod
    def showing(cls, query: Query) -> "BuilderForm":
        """What of the query the fields can hold."""
        held = {key: query.values(key) for key in _FIELDS if _holds(key, query.values(key))}
        rest = [term for term in query.terms if term.key and (term.is_excluded or term.key not in held)]
        values = {key: ", ".join(some) for key, some in held.items()}
        values["rest"] = str(Query(tuple(rest)))
        values["words"] = str(Query(tuple(query.of(""))))
        values["without"] = " ".join(str(Term("", term.value)) for term in query.of("", is_excluded=True))
        return cls(values)

    def query(self) -> Query:
        """Of a valid form."""
        data = self.cleaned_data
        terms = [term for key in _FIELDS for term in data[key]]
        return Query((*data["words"], *data["without"], *terms, *data["rest"]))

    def clean_words(self) -> list[Term]:
        return self._parsed("words")

    def clean_rest(self) -> list[Term]:
        return self._parsed("rest")

    def clean_without(self) -> list[Term]:
        """Each word excludes by itself."""
        return [Term(term.key, term.value, is_excluded=True) for term in self._parsed("without")]

    def _parsed(self, name: str) -> list[Term]:
        try:
            return list(parse(self.cleaned_data[name]).terms)
        except QueryError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        checked = super().clean() or self.cleaned_data
        for key in _FIELDS:
            try:
                parts = [part.strip() for part in re.split("[,，]", str(checked.get(key, "")))]
                checked[key] = [Term(key, FACETS[key].read(part)) for part in parts if part]
            except ValueError as error:
                self.add_error(key, gettext_lazy("takes {what}").format(what=error))
        if not self.errors:
            try:
                parse(str(self.query()))
            except QueryError as error:  # together they are too many, or too long
                self.add_error("words", str(error))
        return checked


def _holds(key: str, values: list[str]) -> bool:
    """A field divides its values by commas, takes the spaces around them away, and a choice is one."""
    if key in _CHOICES:
        return len(values) < 2
    return not any(re.search("[,，]", value) or value != value.strip() for value in values)
