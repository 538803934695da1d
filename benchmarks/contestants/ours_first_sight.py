"""Our decoder in a process that has just started: of each round's frames it knows nothing."""

from benchmarks.contestants import ours
from benchmarks.contestants.rounds import Seen, serve
from bilibili_live.protocol.commands import forget


def play(frames: list[bytes]) -> Seen:
    forget()
    return ours.play(frames)


if __name__ == "__main__":
    serve(play)
