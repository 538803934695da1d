"""bilibili-api's LiveDanmaku with a plain function to listen: it takes that too, and it costs less."""

from typing import Any

from benchmarks.contestants.bilibili_api_client import Event, count, main
from benchmarks.contestants.rounds import Seen


def listen(client: Any, seen: Seen) -> None:
    def listener(event: Event) -> None:
        count(seen, event)

    client.add_event_listener("ALL", listener)


if __name__ == "__main__":
    main(listen)
