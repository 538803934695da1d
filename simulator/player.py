"""Plays the scripts of all rooms by their rhythms, to rooms that somebody authenticated watches.

Owns the clock of the playing; what is played is the script's, where it goes is the stage's.
"""

import asyncio
import gc
import time
from collections import deque
from collections.abc import Iterable
from random import Random

from simulator.clock import Clock, PretendedClock
from simulator.message import Message
from simulator.numbers import Numbers
from simulator.rhythm import Evening, EvenRate, Profile, Rhythm
from simulator.rooms import Room
from simulator.script import Script
from simulator.settings import Settings
from simulator.sockets import Connection
from simulator.stage import Shown, Stage

# One batch of a room. Short enough to look live, long enough that busy rooms fill frames with
# several packets.
TICK_SECONDS = 0.2
# After a pause of the machine nobody catches up for more than this.
LONGEST_STEP_SECONDS = 1.0


class RoomPlay:
    """One room: its script, its rhythm, its stage."""

    def __init__(self, room: Room, script: Script, rhythm: Rhythm, stage: Stage) -> None:
        self.room = room
        self.script = script
        self.stage = stage
        self._rhythm = rhythm
        self._last: float | None = None
        self._rehearsed: deque[list[Shown]] = deque()  # of a tick each
        self._owed = 0.0  # seconds of them

    def become(self, rate: float) -> None:
        """From now on so many counted events a second, evenly; what was rehearsed is left out."""
        self._rehearsed.clear()
        self._rhythm = EvenRate(rate, Random(f"rhythm {self.room.room_id} {rate}"))

    def step(self, now: float) -> None:
        """Play what happened since the last step. An unwatched or backed-up room stands still."""
        if not self.stage.listeners or self.stage.is_backed_up:
            self._last = None
            return
        elapsed = min(now - self._last, LONGEST_STEP_SECONDS) if self._last is not None else TICK_SECONDS
        self._last = now
        if self._rehearsed:
            self._play_rehearsed(elapsed)
        else:
            self.send(self._happening(now, elapsed))

    def _happening(self, now: float, elapsed: float) -> list[Message]:
        messages = self.script.due(now)
        for cmd in self._rhythm.advance(elapsed):
            played = self.script.play(cmd)
            self._rhythm.counted(sum(len(message.reports) for message in played))
            messages += played
        return messages

    def rehearse(self, now: float) -> None:
        """Make the frames of another tick, which begins ``now``; they are played before all else."""
        self._rehearsed.append(self.stage.rehearsed(self._happening(now, TICK_SECONDS)))

    def _play_rehearsed(self, elapsed: float) -> None:
        self._owed += elapsed
        while self._rehearsed and self._owed >= TICK_SECONDS:
            self._owed -= TICK_SECONDS
            self.stage.show(self._rehearsed.popleft())

    def send(self, messages: list[Message]) -> None:
        """Show these messages now."""
        if messages:
            self.stage.send(messages)

    def finish(self) -> None:
        """Say at once what was put off, of what was shown; what was rehearsed and not shown is left out."""
        if self._rehearsed:
            self._rehearsed.clear()
            return
        self.send(self.script.overdue())


class Player:
    """All rooms."""

    def __init__(self, rooms: Iterable[Room], settings: Settings) -> None:
        numbers = Numbers()
        profile = Profile(settings.profile) if settings.profile else None
        clock = PretendedClock() if settings.rehearsed else Clock()
        self.rooms = {room.room_id: self._room(room, settings, profile, numbers, clock) for room in rooms}
        self.is_playing = True
        if isinstance(clock, PretendedClock):
            self._rehearse(clock, settings.rehearsed)

    def _rehearse(self, clock: PretendedClock, seconds: float) -> None:
        for _ in range(round(seconds / TICK_SECONDS)):
            for play in self.rooms.values():
                play.rehearse(clock.monotonic())
            clock.advance(TICK_SECONDS)
        clock.end()
        # A million objects that stay: nobody is to look through them again and again.
        gc.freeze()

    @staticmethod
    def _room(
        room: Room, settings: Settings, profile: Profile | None, numbers: Numbers, clock: Clock
    ) -> RoomPlay:
        random = Random(f"rhythm {settings.seed} {room.room_id}")
        rhythm: Rhythm
        if profile is not None:
            rhythm = Evening(profile, settings.speed, random)
        else:
            rhythm = EvenRate(settings.rate / settings.rooms, random)
        stage = Stage(room.room_id, Random(f"frames {settings.seed} {room.room_id}"))
        return RoomPlay(room, Script(room, settings.seed, numbers, clock), rhythm, stage)

    def joined(self, connection: Connection) -> None:
        """An authenticated connection: its room's playing begins, or goes on."""
        play = self.rooms.get(connection.room_id)
        if play is not None:
            play.stage.join(connection)

    async def left(self, connection: Connection) -> None:
        """The connection ended."""
        play = self.rooms.get(connection.room_id)
        if play is not None:
            play.stage.leave(connection)

    async def run(self) -> None:
        """Play until cancelled."""
        while True:
            started = time.monotonic()
            for play in self.rooms.values():
                if not self.is_playing:
                    break
                play.step(started)
                await self._let_write(play)
            await asyncio.sleep(max(0.0, started + TICK_SECONDS - time.monotonic()))

    @staticmethod
    async def _let_write(play: RoomPlay) -> None:
        """What was put is sent before the next room says something: it would be late by what that takes."""
        if play.stage.has_put:
            play.stage.has_put = False
            await asyncio.sleep(0)

    def stop(self) -> None:
        """End the playing; nothing stays half told."""
        self.is_playing = False
        for play in self.rooms.values():
            play.finish()

    def start(self) -> None:
        """Play again."""
        self.is_playing = True
