"""What the server says of itself, and a look at its keys that never goes through all of them."""

from event_store import server
from event_store.connect import Redis


def test_the_server_says_what_it_is_and_how_it_keeps_its_data(redis: Redis) -> None:
    facts = server.facts(redis)
    assert facts.redis_version
    assert facts.valkey_version
    assert (facts.policy, facts.is_append_only, facts.is_writing_well) == ("noeviction", True, True)
    assert facts.used_memory > 100_000
    assert facts.clients >= 1
    assert facts.max_memory == 0


def test_keys_are_counted_by_what_they_are_for(redis: Redis) -> None:
    for room_id in (1, 22889484, 2**62):
        redis.set(f"room:{room_id}:info", "x", ex=60)
    redis.set("room:7:stats", "x")
    redis.set("collector:00ff00ff00ff00ff:position", "x")
    found = server.look(redis, "*", 100)
    assert found.families == {"room:*:info": 3, "room:*:stats": 1, "collector:*:position": 1}
    assert found.is_everything
    stats = next(key for key in found.keys if key.name == "room:7:stats")
    assert (stats.type, stats.ttl, stats.size > 0) == ("string", -1, True)


def test_only_so_many_keys_are_shown_and_looked_at(redis: Redis) -> None:
    redis.mset({f"room:{number}:info": "x" for number in range(3000)})
    some = server.look(redis, "room:*", 5, calls=2)
    assert len(some.keys) == 5
    assert not some.is_everything
    assert sum(some.families.values()) < 3000
    everything = server.look(redis, "room:*", 5)
    assert everything.is_everything
    assert everything.families == {"room:*:info": 3000}


def test_a_hostile_name_is_shown_and_not_obeyed(redis: Redis) -> None:
    redis.set("room:\u202egnp:\x07\n", "x")
    redis.set(b"room:\xff", "x")
    names = sorted(key.name for key in server.look(redis, "room:*", 5).keys)
    assert names == ["'room:\\u202egnp:\\x07\\n'", "room:\ufffd"]
