"""Super chats that the site took down are marked, whichever arrived first: they or their deletion."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q

from live_data.models import SuperChatData, SuperChatDeletionData

#: A deletion says when it was sent, which is after the super chat began but for the clocks.
_CLOCKS = timedelta(days=1)


def mark(new: Iterable[SuperChatDeletionData]) -> None:
    """The earliest deletion of a super chat counts."""
    for deletion in new:
        named = SuperChatData.objects.filter(
            room_id=deletion.room_id, super_chat_id__in=deletion.super_chat_ids
        )
        later = Q(deleted_at=None) | Q(deleted_at__gt=deletion.timestamp)
        named.filter(later).update(deleted_at=deletion.timestamp)


def take_back(old: Iterable[SuperChatDeletionData]) -> None:
    """Marks of deletions that were parsed anew: what they named by mistake is judged by the others."""
    for deletion in old:
        named = SuperChatData.objects.filter(
            room_id=deletion.room_id,
            super_chat_id__in=deletion.super_chat_ids,
            deleted_at=deletion.timestamp,
        )
        marked = list(named)
        named.update(deleted_at=None)
        mark_new(marked)


def mark_new(super_chats: Iterable[SuperChatData]) -> None:
    """Super chats that were just stored, by the deletions that came before them."""
    by_room: dict[int, list[SuperChatData]] = {}
    for super_chat in super_chats:
        by_room.setdefault(super_chat.room_id, []).append(super_chat)
    for room_id, new in by_room.items():
        since = min(super_chat.timestamp for super_chat in new) - _CLOCKS
        numbers = {super_chat.super_chat_id for super_chat in new}
        known = SuperChatDeletionData.objects.filter(room_id=room_id, timestamp__gte=since)
        mark(deletion for deletion in known if not numbers.isdisjoint(deletion.super_chat_ids))
