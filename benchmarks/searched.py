"""What people may look for in the made-up history: words and parts of names by length, rare and frequent, and
who and where.

Pure. Chosen by counting in the end of it, so that all of it is in databases of any size.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import combinations, islice
from random import Random

from benchmarks.history import END, History
from bilibili_live.events import Danmaku

LENGTHS = (1, 2, 3, 6)
NAME_LENGTHS = (1, 2, 3)
FREQUENT, RARE = "frequent", "rare"
SAMPLE = 60_000  #: events, of ten million
_WEEK = 7 * 86_400_000


@dataclass(frozen=True, slots=True)
class Sought:
    """One question; what is empty does not choose."""

    word: str
    sort: str  #: FREQUENT or RARE
    room_id: int | None = None
    uid: int | None = None
    since: int | None = None  #: ms
    beside: str = ""  #: a second word

    @property
    def is_filtered(self) -> bool:
        return (self.room_id, self.uid, self.since, self.beside) != (None, None, None, "")


@dataclass(frozen=True, slots=True)
class Places:
    """Where there is much to be seen."""

    room_id: int  #: the largest
    uid: int  #: who says most in it


def sought(history: History, each: int = 3, sample: int = SAMPLE) -> tuple[list[Sought], Places]:
    """For each length and sort so many words of the newest events, without a filter and with each; and pairs
    of frequent words that hardly ever are in one text."""
    said = [event for event in history.past(sample) if isinstance(event, Danmaku)]
    room_id = history.rooms[0].room_id
    people = Counter(event.uid for event in said if event.room_id == room_id and event.uid is not None)
    places = Places(room_id, people.most_common(1)[0][0])
    random = Random(f"sought {history.seed}")
    questions = []
    for length in LENGTHS:
        frequent, rare = _words([event.message for event in said], length, each, random)
        for word, sort in (*((word, FREQUENT) for word in frequent), *((word, RARE) for word in rare)):
            questions += [
                Sought(word, sort),
                Sought(word, sort, room_id=room_id),
                Sought(word, sort, since=END - _WEEK),
                Sought(word, sort, uid=places.uid),
                Sought(word, sort, room_id=room_id, since=END - _WEEK),
            ]
    texts = [event.message for event in said]
    questions += [Sought(one, FREQUENT, beside=other) for one, other in _strangers(texts, each)]
    return questions, places


def sought_names(history: History, each: int = 3, sample: int = SAMPLE) -> list[Sought]:
    """For each length and sort so many parts of the names of those who said something in the end."""
    names = {event.username for event in history.past(sample) if isinstance(event, Danmaku) and event.uid}
    random = Random(f"names {history.seed}")
    questions = []
    for length in NAME_LENGTHS:
        frequent, rare = _words(sorted(names), length, each, random)
        questions += [Sought(word, FREQUENT) for word in frequent]
        questions += [Sought(word, RARE) for word in rare]
    return questions


def _strangers(texts: list[str], each: int) -> list[tuple[str, str]]:
    """The most frequent pairs of two characters whose texts are others'."""
    frequent, _ = _words(texts, 2, 10 * each, Random(0))
    found = {word: {place for place, text in enumerate(texts) if word in text} for word in frequent}
    pairs = (pair for pair in combinations(frequent, 2) if found[pair[0]].isdisjoint(found[pair[1]]))
    return list(islice(pairs, each))


def _words(texts: list[str], length: int, each: int, random: Random) -> tuple[list[str], list[str]]:
    """The most frequent ones, and some of those that were said once."""
    parts = Counter(text[start : start + length] for text in texts for start in range(len(text) - length + 1))
    once = sorted(part for part, count in parts.items() if count == 1 and part.isalnum())
    return [part for part, _ in parts.most_common(each)], random.sample(once, min(each, len(once)))
