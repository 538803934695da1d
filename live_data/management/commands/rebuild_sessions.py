"""`manage.py rebuild_sessions`: all sessions derived again."""

from typing import Any

from django.core.management.base import CommandParser

from live_data.management.commands._live import LiveCommand
from live_data.models import LiveRoom
from live_data.sessions import settling


class Command(LiveCommand):
    """Changes nothing when they are right, and whenever it is run."""

    help = (
        "Derives the sessions of all rooms again, from what was heard and polled and from what was corrected"
        " by hand, and tells how many differed: none, unless SESSION_GRACE was changed. Permalinks stay."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The options."""
        parser.add_argument("--room", type=int, help="only sessions of this room")

    def work(self, options: dict[str, Any]) -> str:
        """Room by room, each in a transaction of its own."""
        rooms = LiveRoom.objects.order_by("room_id").values_list("room_id", flat=True)
        if options["room"] is not None:
            rooms = rooms.filter(room_id=options["room"])
        number = differing = 0
        for room_id in rooms:
            settled = settling.settle(room_id, settling.BEGINNING)
            number += 1
            differing += settled.differing
            if settled.differing:
                self.say(
                    f"room {room_id}: {settled.made} new, {settled.changed} changed, {settled.gone} gone"
                )
        return f"{number} rooms, {differing} sessions differed."
