"""Rollups say what the rows say, after anything that changes rows; a rebuild then finds nothing to do."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, cast

import msgspec
import pytest
from django.core.management import call_command
from django.db import connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bilibili_live.events import AnyEvent, event_id
from live_data import rebuilding, retention
from live_data.instants import moment
from live_data.models import (
    DanmakuData,
    DayCount,
    GiftData,
    GiftDay,
    LiveRoom,
    PersonDay,
    PersonName,
    PersonRoom,
    RetentionFloor,
    RollupCalendar,
    SuperChatData,
)
from live_data.models.counts import COUNTS
from live_data.queries import people
from live_data.queries.people import Deeds
from live_data.storing import calendar, closed_days, person_names, person_rooms
from live_data.storing.events import Arrival, store
from tests.live_data.conftest import with_settings
from tests.live_data.rollups_of_rows import of_rows, stored
from tests.made import AT, ROOM, danmaku, deletion, gift, guard, room_info, super_chat

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, tzinfo=UTC)
HOUR = 3_600_000  #: ms
DAY = timedelta(days=1)
ANCHOR = 42  #: whom room_info() names
PEOPLE = st.sampled_from([(1001, "小明"), (1001, "小明改名"), (1002, "小红"), (None, "小***")])
#: Of what kind a gift is, which a later parser may read otherwise.
GIFTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "gift_name": st.sampled_from(["小花花", "flower"]),
        "coin_type": st.sampled_from(["gold", "gold", "silver"]),
        "is_backpack": st.booleans(),
        "blind_box_id": st.sampled_from([None, None, 77, 31036]),
        "blind_box_name": st.sampled_from(["", "盲盒"]),
        "num": st.sampled_from([0, 1, 3]),
        "total_coin": st.sampled_from([0, 100]),
        "price": st.sampled_from([0, 100, 10**15]),
    }
)
SPREAD = st.sampled_from([0, 1, 30_000, HOUR, 9 * HOUR, 16 * HOUR, 30 * HOUR, 49 * HOUR])


def at(event: Any, later: int) -> Any:
    """The same thing, ``later`` ms after."""
    time = event.at + later
    key = event_id(time, event.room_id, event.kind, event.event_id.hex())
    return msgspec.structs.replace(event, at=time, received_at=time, event_id=key)


def keep(*events: AnyEvent, version: int = 1) -> None:
    """As the sync does, one batch."""
    with transaction.atomic():
        store([Arrival(event, version) for event in events], NOW)


def clean(before: int) -> None:
    """As cleanup_old_data does; ``before`` in ms."""
    for _, rows in retention.outdated(moment(before)):
        for _ in retention.delete(rows):
            pass
    retention.forget_counts(moment(before))


def rebuilt(**part: Any) -> int:
    """How many differed. Pieces are small: some rows each."""
    return sum(found.total for _, found in rebuilding.rebuild(rebuilding.Part(**part), piece=2))


def uids() -> set[int]:
    """Of all who have a day, and of somebody who has none."""
    return {5, *PersonDay.objects.values_list("uid", flat=True)}


def deeds_of_days() -> dict[int, Deeds]:
    """All days of people added up."""
    deeds: dict[int, list[Deeds]] = {}
    for uid, *figures in PersonDay.objects.values_list("uid", *COUNTS):
        deeds.setdefault(uid, []).append(Deeds(*figures))
    return {uid: people.together(each) for uid, each in deeds.items()}


@pytest.fixture
def changed(settings: Any) -> Any:
    """The settings, where that name is Hypothesis's."""
    return settings


@st.composite
def an_event(draw: st.DrawFn) -> AnyEvent:
    (uid, name), number = draw(PEOPLE), draw(st.integers(1, 3))
    who: dict[str, Any] = {"uid": uid, "username": name}
    what = draw(st.sampled_from(["danmaku", "gift", "super_chat", "bought", "toast", "deletion", "room"]))
    later = draw(SPREAD)
    if what == "danmaku":
        room_id = draw(st.sampled_from([ROOM, ROOM + 1]))
        said: AnyEvent = danmaku(number, room_id, is_mirror=draw(st.integers(0, 4)) == 0, **who)
    elif what == "gift":
        said = gift(number, receiver_uid=draw(st.sampled_from([None, ANCHOR, 43])), **draw(GIFTS), **who)
    elif what == "super_chat":
        said = msgspec.structs.replace(super_chat(number), **who)
    elif what == "deletion":
        return deletion(number)
    elif what == "room":
        return room_info(draw(st.integers(0, 9)))
    else:
        return guard(what, AT + later + draw(st.sampled_from([0, 20_000, 31_000])), **who)
    return cast(AnyEvent, at(said, later))


A_STEP = st.one_of(
    st.tuples(st.lists(an_event(), max_size=6), st.integers(1, 3)),  # a batch, by a parser of this version
    SPREAD,  # a clean-up
    st.tuples(st.just("sum"), st.integers(0, 5), st.integers(1, 9)),  # that many days later, in such a piece
    st.tuples(st.just("begin"), st.sampled_from([0, 6, 12])),  # other days, at this hour
)


@given(st.lists(A_STEP, max_size=9))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_rollups_are_those_of_the_rows_and_a_rebuild_changes_nothing(
    changed: Any, steps: Any
) -> None:
    undo, hours = transaction.savepoint(), 0
    with_settings(changed, day_start=0)
    for step in steps:
        if isinstance(step, int):
            clean(AT + step)
        elif step[0] == "sum":
            closed_days.sum_some(moment(AT) + step[1] * DAY, piece=step[2])
        elif step[0] == "begin":
            hours = step[1]
            with_settings(changed, day_start=hours * 60)
            rebuilt()
        else:
            keep(*step[0], version=step[1])
        assert stored() == of_rows(hours=hours)
        assert people.deeds(uids()) == deeds_of_days()
    before = stored()
    assert rebuilt() == 0
    assert stored() == before
    transaction.savepoint_rollback(undo)


def test_a_rebuild_puts_right_what_is_wrong_missing_or_too_much_and_says_how_much() -> None:
    keep(*(danmaku(number) for number in range(9)), gift(1), super_chat(2), guard("toast"))
    keep(at(gift(2), 60 * HOUR), danmaku(1, ROOM + 1))
    right = stored()
    DayCount.objects.filter(room_id=ROOM, danmaku__gt=0).update(danmaku=1)
    PersonDay.objects.filter(uid=1001).delete()
    PersonDay.objects.create(room_id=ROOM, uid=5, day="2026-01-01", danmaku=3)
    PersonName.objects.create(uid=5, username="谁", first_day="2026-01-01", last_day="2026-01-01")
    GiftDay.objects.filter(room_id=ROOM).update(coins=7)
    of_gift = {"sort": 0, "is_box": False, "number": 5, "name": "花", "lines": 1}
    GiftDay.objects.create(room_id=ROOM, day="2026-01-01", **of_gift)
    PersonName.objects.filter(uid=1002).update(first_day="2020-01-01")
    PersonRoom.objects.filter(uid=1002).update(first_paid_day="2020-01-01")
    PersonRoom.objects.create(room_id=ROOM, uid=6, first_day="2026-01-01", last_day="2026-01-01")
    PersonRoom.objects.filter(uid=8).delete()
    # uid 1001 was in two rooms
    assert [found.total for _, found in rebuilding.rebuild(rebuilding.Part()) if found.total] == [6, 3, 1, 2]
    assert stored() == right
    assert rebuilt() == 0


def test_the_command_says_so_and_its_exit_code_too(capsys: pytest.CaptureFixture[str]) -> None:
    keep(danmaku(1), gift(1))
    call_command("rebuild_rollups")
    assert capsys.readouterr().out == "Everything was right: nothing was changed.\n"
    DayCount.objects.update(gift_gold=7)
    with pytest.raises(SystemExit) as ended:
        call_command("rebuild_rollups", "--room", str(ROOM))
    assert ended.value.code == 1
    assert "1 of days, 0 of people, 0 of gifts, 0 rooms of people, 0 names" in capsys.readouterr().out
    assert stored() == of_rows()


def test_a_part_is_rebuilt_and_the_rest_left_alone() -> None:
    keep(danmaku(1), at(danmaku(2), 80 * HOUR), danmaku(3, ROOM + 1))
    DayCount.objects.update(danmaku=9)
    later = moment(AT + 70 * HOUR)
    assert rebuilt(room_id=ROOM, since=later) == 1
    assert rebuilt(room_id=ROOM, until=later) == 1
    assert rebuilt() == 1


@pytest.mark.parametrize(
    "asked",
    [
        ["--room", "5"],
        ["--since", "gestern"],
        ["--since", "0001-01-01"],
        ["--since", "2026-05-02", "--until", "2026-05-01"],
    ],
)
def test_what_cannot_be_rebuilt_is_told(asked: list[str]) -> None:
    with pytest.raises(Exception, match="--"):
        call_command("rebuild_rollups", *asked)


def test_other_days_are_carried_out_by_a_whole_rebuild_and_until_then_the_old_ones_go_on(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(danmaku(1), *(at(gift(1), hours * HOUR) for hours in range(0, 50, 5)))
    with_settings(settings, stats_timezone="Europe/Berlin", day_start=6 * 60)
    keep(at(danmaku(2), 7 * HOUR))
    assert stored() == of_rows()
    with pytest.raises(rebuilding.OtherDays):
        rebuilt(room_id=ROOM)
    call_command("rebuild_rollups")
    assert "Put right: 0 counts of minutes" in capsys.readouterr().out
    assert stored() == of_rows("Europe/Berlin", 6)
    keep(at(danmaku(3), 31 * HOUR))
    assert stored() == of_rows("Europe/Berlin", 6)
    assert RollupCalendar.objects.get().is_whole


def test_an_interrupted_change_of_days_is_not_taken_for_done(settings: Any) -> None:
    keep(danmaku(1), danmaku(1, ROOM + 1))
    with_settings(settings, day_start=12 * 60)
    pieces = rebuilding.rebuild(rebuilding.Part())
    next(pieces)
    assert not RollupCalendar.objects.get().is_whole
    keep(danmaku(2), at(danmaku(2, ROOM + 1), 30 * HOUR))
    list(rebuilding.rebuild(rebuilding.Part()))
    assert RollupCalendar.objects.get().is_whole
    assert stored() == of_rows(hours=12)


def test_counts_below_a_retention_floor_outlive_their_rows() -> None:
    keep(danmaku(1), gift(1), at(danmaku(2), 80 * HOUR), at(gift(2), 80 * HOUR))
    history = stored()
    RetentionFloor.objects.create(kind="danmaku", floor=moment(AT + 70 * HOUR))
    DanmakuData.objects.filter(timestamp__lt=moment(AT + 70 * HOUR)).delete()  # as a retention does
    assert rebuilt() == 0
    assert stored() == history
    # Gifts have no floor, and the later day is above it: there the rows decide.
    GiftData.objects.all().delete()
    DayCount.objects.filter(day__gt=moment(AT + 70 * HOUR).date()).update(danmaku=9)
    assert rebuilt() > 0
    figures = list(DayCount.objects.order_by("day").values_list("danmaku", "gifts", "gift_gold"))
    assert figures == [(1, 0, 0), (1, 0, 0)]


def test_a_clean_up_by_hand_takes_what_had_outlived_its_rows() -> None:
    keep(danmaku(1), at(danmaku(1, username="新名"), 80 * HOUR))
    DanmakuData.objects.filter(username="观众1").delete()
    clean(AT + 70 * HOUR)
    assert stored() == of_rows()


def test_a_super_chat_that_the_site_took_down_stays_counted() -> None:
    keep(super_chat(1))
    before = stored()
    keep(deletion(1))
    assert SuperChatData.objects.get().deleted_at is not None
    assert stored() == before == of_rows()


def test_a_gift_of_any_name_is_counted() -> None:
    dice = Random(1)
    name = "".join(chr(dice.randrange(0x4E00, 0x9FFF)) for _ in range(5000))  # which does not compress
    keep(gift(1, gift_name=name), gift(2, gift_name="\"\\{,}NULL'", blind_box_id=7, blind_box_name=name))
    assert GiftData.objects.filter(gift_name=name).exists()
    assert stored() == of_rows()
    assert rebuilt() == 0


def test_people_without_a_uid_have_no_days_and_no_names() -> None:
    keep(danmaku(1, uid=None, username="观***"))
    assert DayCount.objects.get().danmaku == 1
    assert not PersonDay.objects.exists()
    assert not PersonName.objects.exists()


def test_names_over_time_keep_the_days_on_which_they_were_shown() -> None:
    keep(danmaku(1, uid=7, username="旧"), at(danmaku(2, uid=7, username="新"), 48 * HOUR))
    keep(at(danmaku(3, ROOM + 1, uid=7, username="旧"), 24 * HOUR))
    days = [(moment(AT) + timedelta(hours=8 + hours)).date() for hours in (0, 24, 48)]
    names = PersonName.objects.order_by("first_day").values_list("username", "first_day", "last_day")
    assert list(names) == [("旧", days[0], days[1]), ("新", days[2], days[2])]


def changes(table: type[models.Model], versions: str) -> Any:
    """What is another one once a row was written; ``versions``: the columns that tell PostgreSQL's."""
    asked = {
        "sqlite": "SELECT total_changes()",
        "postgresql": f"SELECT {versions} FROM {table._meta.db_table}",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return cursor.fetchall()


def test_a_known_name_is_not_written_again() -> None:
    keep(danmaku(1))
    day = calendar.days().of(AT)
    before = changes(PersonName, "ctid::text, xmax::text")
    person_names.write({(1001, "观众1", day): 3}, calendar.days())
    assert changes(PersonName, "ctid::text, xmax::text") == before
    person_names.write({(1001, "观众1", day + timedelta(days=1)): 3}, calendar.days())
    assert changes(PersonName, "ctid::text, xmax::text") != before


def test_who_is_known_on_a_day_is_not_written_again() -> None:
    keep(danmaku(1))
    day = calendar.days().of(AT)
    before = changes(PersonRoom, "ctid::text")
    person_rooms.write({(ROOM, day, 1001): [2, 0, 0, 0, 0, 0, 0]})
    assert changes(PersonRoom, "ctid::text") == before
    person_rooms.write({(ROOM, day, 1001): [0, 1, 0, 0, 100, 0, 0]})
    assert changes(PersonRoom, "ctid::text") != before
    assert PersonRoom.objects.get().first_paid_day == day


def test_what_a_person_did_for_the_first_time_moves_on_when_the_first_goes() -> None:
    keep(
        danmaku(1, uid=7),
        at(gift(2, uid=7), 24 * HOUR),
        at(danmaku(3, uid=7), 48 * HOUR),
        at(gift(4, uid=7), 72 * HOUR),
    )
    first = calendar.days().of(AT)
    stay = PersonRoom.objects.values_list("first_day", "last_day", "first_chat_day", "first_paid_day")
    later = [first + timedelta(days=days) for days in range(4)]
    assert stay.get() == (later[0], later[3], later[0], later[1])
    clean(AT + 40 * HOUR)
    assert stay.get() == (later[2], later[3], later[2], later[3])
    clean(AT + 60 * HOUR)
    assert stay.get() == (later[3], later[3], None, later[3])
    clean(AT + 99 * HOUR)
    assert not stay.exists()


def test_rooms_that_have_nothing_are_passed() -> None:
    LiveRoom.objects.create(room_id=1)
    assert rebuilt() == 0
