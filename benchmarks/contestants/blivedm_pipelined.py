"""blivedm to Redis: LPUSH and XADD for each event, 500 events to a pipeline."""

from benchmarks.contestants.blivedm_to_redis import pipelined, play

if __name__ == "__main__":
    play(pipelined)
