"""The settings of `up --demo`: a simulator in place of Bilibili, and nothing shared with real data."""

from runtime import environment, probes

ROOMS = 8
WATCHED = 6
"""From the start; the others are there to be added by who tries the page out."""
FIRST_ROOM = 90001
"""The simulator numbers its rooms from here."""
EVENTS_PER_SECOND = 16
SEED = 7


def environ() -> dict[str, str]:
    """Variables that win over `.env`: played money must never meet a real run's data."""
    return {
        "DATA_DIR": str(environment.demo_data_dir()),
        "DATABASE_URL": "",
        "SYNC_PARTITIONS": "",
        "REDIS_URL": "",
        "BILIBILI_URL": f"http://127.0.0.1:{probes.free_port()}",
        "ROOMS": ",".join(str(FIRST_ROOM + number) for number in range(WATCHED)),
    }


def simulator_options(port: int) -> tuple[str, ...]:
    """The command line of the simulator, which plays the same events at each start."""
    options = {"--port": port, "--rooms": ROOMS, "--rate": EVENTS_PER_SECOND, "--seed": SEED}
    return tuple(text for name, value in options.items() for text in (name, str(value)))
