"""Where the lines behind a figure are."""

from urllib.parse import urlencode

from django.urls import reverse

from live_data.queries.calendar import Stretch


def line_address(page: str, stretch: Stretch | None, zone: str, chosen: dict[str, object]) -> str:
    """The page "danmaku" or "gifts" with the lines of that time; ``chosen``: what else it chooses by, where
    None does not choose. Its fields show times in ``zone``."""
    query = {name: value for name, value in chosen.items() if value is not None}
    if stretch is not None:
        since, until = stretch
        query |= {"since": since.isoformat(), "until": until.isoformat(), "tz": zone}
    return f"{reverse(f'live_data:{page}')}?{urlencode(query)}{'#lines' if page == 'gifts' else ''}"
