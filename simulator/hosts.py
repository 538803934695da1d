"""The danmaku servers that getDanmuInfo names: one process on several ports, so that it shows who uses which.

Knows ports only; whoever is refused is told nothing, as a server that is down tells nothing.
"""

from collections.abc import Sequence

from simulator.people import Json


class Hosts:
    """Numbered from 0 in the order of the list; the first is the port of the site itself."""

    def __init__(self) -> None:
        self._addresses: list[tuple[str, int]] = []
        self.refused: set[int] = set()  #: numbers of those that are down

    def listen(self, addresses: Sequence[tuple[str, int]]) -> None:
        """These are what was bound, in order."""
        self._addresses = list(addresses)

    def __len__(self) -> int:
        return len(self._addresses)

    def number(self, port: int) -> int:
        """Of the server on this port."""
        return next((number for number, (_, own) in enumerate(self._addresses) if own == port), 0)

    def as_json(self) -> list[Json]:
        """The `host_list` of getDanmuInfo. A lone server is named twice, as the site names at least two."""
        servers: list[Json] = [
            {"host": host, "port": port, "wss_port": port, "ws_port": port} for host, port in self._addresses
        ]
        return servers * 2 if len(servers) == 1 else servers
