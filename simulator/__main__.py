"""`python -m simulator`: the command line."""

import argparse
import asyncio
import ipaddress
import sys
from pathlib import Path

from simulator.app import Simulator
from simulator.replay import UnreadableRecording
from simulator.rhythm import PROFILES
from simulator.settings import Settings

MOST_ROOMS = 9000
MOST_HOSTS = 10


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port")
    return number


def _rooms(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_ROOMS:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and {MOST_ROOMS}")
    return number


def _hosts(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_HOSTS:
        raise argparse.ArgumentTypeError(f"{text} is not between 1 and {MOST_HOSTS}")
    return number


def _loopback(text: str) -> str:
    # It answers anybody who asks and breaks on demand: nothing for a network.
    try:
        is_loopback = ipaddress.ip_address(text).is_loopback
    except ValueError:
        is_loopback = text == "localhost"
    if not is_loopback:
        raise argparse.ArgumentTypeError(f"{text} is not a loopback address")
    return text


def make_parser() -> argparse.ArgumentParser:
    """The options, as --help shows them."""
    parser = argparse.ArgumentParser(prog="python -m simulator", description="A Bilibili live look-alike.")
    parser.add_argument("--host", type=_loopback, default="127.0.0.1", help="loopback address to listen on")
    parser.add_argument("--port", type=_port, required=True, help="port to listen on; 0 finds a free one")
    parser.add_argument("--rooms", type=_rooms, default=None, metavar="N", help="rooms 90001 to 90000+N")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "--rate", type=_positive, metavar="EVENTS", help="counted events a second over all rooms"
    )
    what.add_argument("--profile", choices=PROFILES, help="the rhythm of a real evening")
    what.add_argument(
        "--replay", type=Path, metavar="FILE", help="recorded frames (.bin or .jsonl), sent verbatim"
    )
    parser.add_argument(
        "--speed", type=_positive, default=1.0, help="times as fast, with --profile and --replay"
    )
    parser.add_argument("--room", type=int, default=None, metavar="ID", help="the room of --replay")
    parser.add_argument("--seed", type=int, default=1, help="the same seed plays the same contents")
    parser.add_argument(
        "--guests", choices=("real", "open"), help="mask and thin for guests (default with --profile)"
    )
    parser.add_argument(
        "--heartbeat-timeout",
        type=_positive,
        default=70.0,
        metavar="SECONDS",
        help="cut after silence of so long",
    )
    parser.add_argument(
        "--rehearse",
        type=_positive,
        default=0.0,
        metavar="SECONDS",
        help="make the frames of so long before anybody may connect, so that playing costs next to nothing;"
        " with --rate; their times are those of the making; everybody is to read brotli, and sees all,"
        " whatever faults say of shares",
    )
    parser.add_argument(
        "--hosts", type=_hosts, default=1, metavar="N", help="danmaku servers, each on a port of its own"
    )
    return parser


def parse(arguments: list[str]) -> Settings:
    """Settings from the command line; exits with a clear error when they make no sense together."""
    parser = make_parser()
    given = parser.parse_args(arguments)
    if given.replay is not None and (given.room is None or given.room <= 0):
        parser.error("--replay needs --room ID")
    if given.replay is not None and not given.replay.is_file():
        parser.error(f"--replay {given.replay}: no such file")
    if given.replay is None and given.rooms is None:
        parser.error("--rooms N is needed")
    if given.rehearse and (given.rate is None or given.guests == "real"):
        parser.error("--rehearse needs --rate, and no guests")
    guests = given.guests or ("real" if given.profile else "open")
    return Settings(
        host=given.host,
        port=given.port,
        rooms=given.rooms or 1,
        seed=given.seed,
        rate=given.rate or 0.0,
        profile=given.profile or "",
        speed=given.speed,
        masks_guests=guests == "real" and given.replay is None,
        heartbeat_timeout=given.heartbeat_timeout,
        replay=given.replay,
        replay_room=given.room or 0,
        hosts=given.hosts,
        rehearsed=given.rehearse,
    )


def main() -> int:
    """Run until a signal."""
    settings = parse(sys.argv[1:])
    try:
        simulator = Simulator(settings)
    except UnreadableRecording as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 1
    return asyncio.run(simulator.run())


if __name__ == "__main__":
    sys.exit(main())
