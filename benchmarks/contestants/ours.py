"""Our decoder, as the collector calls it."""

from benchmarks.contestants.rounds import Seen, serve
from bilibili_live.protocol.commands import decode_frame

ROOM = 90001
RECEIVED_AT = 1_780_272_000_000


def play(frames: list[bytes]) -> Seen:
    events = 0
    for frame in frames:
        events += len(decode_frame(frame, ROOM, RECEIVED_AT).events)
    return {"events": events}


if __name__ == "__main__":
    serve(play)
