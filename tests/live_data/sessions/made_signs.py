"""Signs for tests, by minutes of a day; and any signs that a room may give."""

from hypothesis import strategies as st

from live_data.sessions import signs
from live_data.sessions.signs import Sign, What

BASE = 1_790_000_000_000  #: ms
MINUTE = 60_000


def at(minute: float) -> int:
    return BASE + round(minute * MINUTE)


def live(minute: float, key: str = "") -> list[Sign]:
    return [Sign(at(minute), What.LIVE, key)]


def preparing(minute: float) -> list[Sign]:
    return [Sign(at(minute), What.ENDED, "preparing")]


def cut_off(minute: float) -> list[Sign]:
    return [Sign(at(minute), What.ENDED, "cut_off")]


def on(minute: float, since: float | None = None) -> list[Sign]:
    return signs.polled(at(minute), True, 0 if since is None else at(since))


def off(minute: float) -> list[Sign]:
    return signs.polled(at(minute), False, 0)


def watched(minute: float) -> list[Sign]:
    return [Sign(at(minute), What.WATCHED)]


_MINUTES = st.integers(0, 120).map(lambda half: half / 2)
_KEYS = st.sampled_from(["", "a", "b"])

#: What one room may tell within an hour, in an order in which it may arrive: each piece is one message,
#: poll or span.
ANYTHING = st.lists(
    st.one_of(
        st.builds(live, _MINUTES, _KEYS),
        st.builds(preparing, _MINUTES),
        st.builds(cut_off, _MINUTES),
        st.builds(on, _MINUTES, st.none() | _MINUTES),
        st.builds(off, _MINUTES),
        st.builds(watched, _MINUTES),
    ),
    max_size=25,
)
