"""One page of a list of events, as the API answers it and as the browsing pages begin."""

from typing import Any

from live_data import keyset, payloads
from live_data.queries import lists, moment
from live_data.queries.lists import Chosen
from live_data.storing import sync_places

Answer = dict[str, Any]  # the JSON boundary


def page(kind: str, chosen: Chosen, before: bytes | None, limit: int) -> Answer:
    """{"results", "next", "live"}: items newest first; the place of the last one when more follow; the
    place in the log behind which live events go on, all of it as of one moment.
    """
    table, item = payloads.LISTS[kind]
    with moment.one_moment():
        live = str(sync_places.reached())
        found = lists.newest(table, chosen, before, limit + 1)
    following = following_place([bytes(row.event_id) for row in found], limit)
    return {"results": [item(row) for row in found[:limit]], "next": following, "live": live}


def following_place(places: list[bytes], limit: int) -> str | None:
    """The place of the last item shown, when one more was found behind it."""
    return keyset.to_text(places[limit - 1]) if len(places) > limit else None
