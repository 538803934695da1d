"""News of the protocol into ProtocolNews. Knows no log and no message."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from datetime import datetime

from django.db.models import Count

from bilibili_live.events import News
from live_data.instants import moment
from live_data.models import ProtocolNews
from live_data.storing import increments
from live_data.storing.counts import OTHER

MOST_NAMES = 500  #: of one kind
_LONGEST_NAME = 200
_LONGEST_SAMPLE = 4096

_KEYS = ("kind", "name")
_MERGED = {
    "first_seen": "CASE WHEN excluded.first_seen < {table}.first_seen"
    " THEN excluded.first_seen ELSE {table}.first_seen END",
    "last_seen": "CASE WHEN excluded.last_seen > {table}.last_seen"
    " THEN excluded.last_seen ELSE {table}.last_seen END",
    "count": "{table}.count + excluded.count",
    "sample": "CASE WHEN {table}.sample = '' THEN excluded.sample ELSE {table}.sample END",
    "parser_version": "CASE WHEN excluded.parser_version > {table}.parser_version"
    " THEN excluded.parser_version ELSE {table}.parser_version END",
}


@dataclass(frozen=True, slots=True)
class _Row:
    """In the order of the statement's columns."""

    kind: str
    name: str
    first_seen: datetime
    last_seen: datetime
    count: int
    sample: str
    parser_version: int

    def joined(self, other: "_Row") -> "_Row":
        return _Row(
            self.kind,
            self.name,
            min(self.first_seen, other.first_seen),
            max(self.last_seen, other.last_seen),
            self.count + other.count,
            self.sample or other.sample,
            max(self.parser_version, other.parser_version),
        )


def write(heard: Iterable[tuple[News, int]]) -> None:
    """Add news, each with the version of the parser that said so."""
    rows = _by_name(_row(news, version) for news, version in heard)
    if rows:
        table = ProtocolNews._meta.db_table
        merged = {column: sql.format(table=table) for column, sql in _MERGED.items()}
        increments.merge(ProtocolNews, _KEYS, merged, map(astuple, _bounded(rows)))


def _row(news: News, version: int) -> _Row | None:
    """None when its times are beyond the calendar: it could be stored never."""
    try:
        first, last = moment(news.at), moment(news.last_at)
    except (OverflowError, ValueError):
        return None
    name, sample = news.name[:_LONGEST_NAME], news.sample[:_LONGEST_SAMPLE]
    return _Row(news.kind, name, first, last, max(0, news.count), sample, version)


def _by_name(rows: Iterable[_Row | None]) -> dict[tuple[str, str], _Row]:
    joined: dict[tuple[str, str], _Row] = {}
    for row in rows:
        if row is not None:
            key = (row.kind, row.name)
            joined[key] = joined[key].joined(row) if key in joined else row
    return joined


def _bounded(rows: dict[tuple[str, str], _Row]) -> list[_Row]:
    """With names beyond the most of their kind as "(other)": strangers make up commands."""
    known = _known(rows)
    taken = _taken()
    bounded: dict[tuple[str, str], _Row] = {}
    for (kind, name), row in sorted(rows.items()):
        if (kind, name) not in known and name != OTHER:
            taken[kind] += 1
            if taken[kind] > MOST_NAMES:
                row = replace(row, name=OTHER, sample="")  # noqa: PLW2901 - the same news under another name
        key = (kind, row.name)
        bounded[key] = bounded[key].joined(row) if key in bounded else row
    return list(bounded.values())


def _known(keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    names = {name for _, name in keys}
    return set(ProtocolNews.objects.filter(name__in=names).values_list(*_KEYS))


def _taken() -> Counter[str]:
    found = ProtocolNews.objects.order_by().values_list("kind").annotate(Count("pk"))
    return Counter(dict(found))
