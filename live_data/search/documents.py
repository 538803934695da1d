"""What the index knows of a row: its number, and its tokens.

The number (docid) is the first 63 bits of the event_id: 48 of its milliseconds, 15 of its hash. So it sorts
by time, and the row is found again in its table. Two rows that share a docid share a document, too: a hit is
checked against the rows themselves. Names of people are in an index of their own, by the number of their row.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import models

from live_data import keyset
from live_data.models import DanmakuData, PersonName, SuperChatData
from live_data.search import tokens

DANMAKU, SUPER_CHAT = "danmaku", "sc"
TABLES: dict[str, type[DanmakuData] | type[SuperChatData]] = {
    DANMAKU: DanmakuData,
    SUPER_CHAT: SuperChatData,
}
"""Where rows of a kind are; `type:` calls the kinds so."""
FIRST, BEHIND_ALL = 0, 2**63 - 1  #: docids; no event has the last one


class Document(NamedTuple):
    docid: int
    tokens: str  #: divided by spaces


def docid_of(event_id: bytes) -> int:
    return int.from_bytes(event_id[:8], "big") >> 1


def floor(docid: int) -> bytes:
    """The least event_id of this docid."""
    return (docid << 1).to_bytes(8, "big") + bytes(keyset.LENGTH - 8)


def documents(table: type[models.Model], sources: Iterable[Any]) -> list[Document]:
    """Of rows of ``table``, or of the events that they were made of: both call things the same.

    Only danmaku and super chats have documents.
    """
    if table is DanmakuData:
        return [_danmaku(source) for source in sources]
    return [_super_chat(source) for source in sources] if table is SuperChatData else []


def _danmaku(source: Any) -> Document:
    text, room = tokens.of_text(source.message), tokens.of_room(source.room_id)
    return Document(docid_of(source.event_id), f"{text} {room} {tokens.of_person(source.uid)}")


def _super_chat(source: Any) -> Document:
    docid, of_message = _danmaku(source)
    return Document(
        docid, " ".join((of_message, tokens.of_text(source.message_trans), tokens.of_kind(SUPER_CHAT)))
    )


def of_names(rows: Iterable[PersonName]) -> list[Document]:
    """In the order of their numbers."""
    by_pk = sorted((row.pk, row.username) for row in rows)
    return [Document(pk, tokens.of_text(username)) for pk, username in by_pk]


def united(some: Iterable[Document]) -> list[Document]:
    """By docid, each once: an index wants them in order, and flushes what it gathered where it is not."""
    by_docid: dict[int, str] = {}
    for docid, text in some:
        known = by_docid.get(docid)
        by_docid[docid] = text if known is None else f"{known} {text}"
    return [Document(docid, by_docid[docid]) for docid in sorted(by_docid)]
