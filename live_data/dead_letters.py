"""Dead letters delivered again: once the fault is mended, what it kept out of the tables comes in."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import QuerySet

from event_store import codec
from live_data.models import DeadLetter
from live_data.storing import counts, dead_letters, exclusion, task_counts
from live_data.storing.counts import Counts, Outcome
from live_data.storing.dead_letters import POISON
from live_data.storing.events import Arrival, store


def waiting(kind: str = "", room_id: int | None = None) -> "QuerySet[DeadLetter]":
    """Of one kind, of one room, or all of them."""
    letters = DeadLetter.objects.all()
    if kind:
        letters = letters.filter(kind=kind)
    return letters if room_id is None else letters.filter(room_id=room_id)


def retry(letters: "QuerySet[DeadLetter]", now: datetime | None = None) -> Iterator[Counts | str]:
    """Each letter in a transaction of its own: what became of its event, or why it is refused again.

    An event that gets in leaves the dead letters, and the counts of what was rejected; tasks that run now
    count it as collected, and keep their errors. Raises django.db.OperationalError.
    """
    now = now or datetime.now(UTC)
    last = 0
    while letter := letters.filter(pk__gt=last).order_by("pk").first():
        last = letter.pk
        yield _tried(letter, now)


def _tried(letter: DeadLetter, now: datetime) -> Counts | str:
    try:
        return _deliver(letter, now)
    except POISON as error:
        dead_letters.failed_again(letter, error, now)
        return dead_letters.reason(error)


def _deliver(letter: DeadLetter, now: datetime) -> Counts:
    event = codec.decode_event(bytes(letter.event))
    with transaction.atomic():
        # Locks out the sync on PostgreSQL, which may bury it once more; on SQLite the transaction does.
        exclusion.lock_out_syncs()
        times = DeadLetter.objects.values_list("times", flat=True).filter(pk=letter.pk).first()
        if times is None:
            return Counter()
        stored = store([Arrival(event, letter.parser_version)], now)
        moved: Counts = Counter({(letter.room_id, Outcome.REJECTED.value, counts.NOT_STORABLE): -times})
        moved[letter.room_id, Outcome.DUPLICATE.value, ""] += times - 1
        counts.write(counts.merged([stored.counts, moved]))
        task_counts.add(stored, stored.counts, now)
        DeadLetter.objects.filter(pk=letter.pk).delete()
    return stored.counts
