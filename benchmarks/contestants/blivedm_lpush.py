"""blivedm to Redis: one LPUSH for each event, and its answer waited for."""

from benchmarks.contestants.blivedm_to_redis import one_by_one, play

if __name__ == "__main__":
    play(one_by_one)
