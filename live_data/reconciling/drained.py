"""Whether all that collectors have journaled by some moment has reached SQL."""

from event_store import rooms
from live_data.accounting import accounting
from live_data.redis_access import RedisUnavailable, opened
from live_data.storing import positions


class Waiting:
    """Begins when it is first asked: what is journaled later is not waited for."""

    def __init__(self) -> None:
        self._wanted: dict[str, int] | None = None  # collector -> journal position

    def is_over(self) -> bool:
        """Asks Redis and SQL; False while Redis is away."""
        try:
            with opened() as client:
                if self._wanted is None:
                    lives = rooms.collectors(client)
                    self._wanted = {name: life.journal_position for name, life in lives.items()}
                answer = accounting(client)
        except RedisUnavailable:
            return False
        if "log" in answer or any(room["in_flight"] for room in answer["results"]):
            return False
        stored = positions.committed()
        return all(
            name in stored and stored[name].position >= position
            for name, position in self._wanted.items()
            if position
        )
