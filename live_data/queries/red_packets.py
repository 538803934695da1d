"""Red packets of a stretch of time: beside revenue, never in it."""

from django.db.models import Count, Sum

from live_data.models import RedPacketData
from live_data.queries import lists
from live_data.queries.gift_items import Outside
from live_data.queries.lists import Chosen

SORT = "red_packet"


def outside(chosen: Chosen) -> list[Outside]:
    """What was paid for them, nothing when there were none; those of an untold price are only counted."""
    sums = lists.within(RedPacketData, chosen).aggregate(
        lines=Count("pk"), num=Sum("num"), coins=Sum("paid_gold")
    )
    found = Outside(SORT, **{name: figure or 0 for name, figure in sums.items()})
    return [found] if found.lines else []
