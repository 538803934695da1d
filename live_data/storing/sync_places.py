"""Where each partition's sync stands in the log, and how many partitions there are: SQL alone says it."""

from django.db import transaction

from event_store.cursor import LogCursor, earliest
from event_store.partitions import Partition
from live_data.models import SyncCursor
from live_data.storing import positions
from live_data.storing.exclusion import lock_out_syncs


def place(number: int) -> tuple[Partition, LogCursor] | None:
    """None: there is no such partition. Of a new database there is one, which has read nothing."""
    if number == 0:
        row, _ = SyncCursor.objects.get_or_create(partition=0)
    else:
        found = SyncCursor.objects.filter(partition=number).first()
        if found is None:
            return None
        row = found
    return Partition(number, row.partitions), LogCursor(row.incarnation, row.stream_id)


def move(partition: Partition, seen: LogCursor, reached: LogCursor) -> bool:
    """Within the transaction that stores what lies between; False: another one did, or they were divided
    anew."""
    rows = SyncCursor.objects.filter(
        partition=partition.number,
        partitions=partition.count,
        incarnation=seen.incarnation,
        stream_id=seen.stream_id,
    )
    return bool(rows.update(incarnation=reached.incarnation, stream_id=reached.stream_id))


def all_places() -> list[LogCursor]:
    """Of each partition, in their order; one at least."""
    rows = SyncCursor.objects.order_by("partition")
    return [LogCursor(row.incarnation, row.stream_id) for row in rows] or [LogCursor("")]


def reached() -> LogCursor:
    """Behind the last entry that is in SQL whole, whatever room it speaks of."""
    return earliest(all_places())


def divide(count: int) -> None:
    """Into so many partitions, unless there are. All of them go on where the last one stood: what others had
    read beyond comes again, and is a duplicate.
    """
    with transaction.atomic():
        lock_out_syncs()
        rows = list(SyncCursor.objects.order_by("partition"))
        wanted = [(number, count) for number in range(count)]
        if [(row.partition, row.partitions) for row in rows] == wanted:
            return
        begin = earliest([LogCursor(row.incarnation, row.stream_id) for row in rows])
        known = positions.committed()
        SyncCursor.objects.filter(partition__gte=count).delete()
        for number in range(count):
            SyncCursor.objects.update_or_create(
                partition=number,
                defaults={
                    "partitions": count,
                    "incarnation": begin.incarnation,
                    "stream_id": begin.stream_id,
                },
            )
        positions.divide(known.values(), count)
