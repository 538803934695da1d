"""Sessions (场次) of rooms, and what they are derived from beside RoomStateData: polls, and corrections."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from live_data.models.event_row import EventIdField
from live_data.models.rooms import LiveRoom, OfRoom


class PolledState(OfRoom):
    """Whether the site said over HTTP that a room was live; those between two alike are thinned out."""

    timestamp = models.DateTimeField(_("time"))
    status = models.IntegerField(_("status"), choices=LiveRoom.Status.choices)
    #: When the stream began, as the site says it; epoch ms, 0 = it did not say.
    live_since_ms = models.BigIntegerField(_("live since"), db_default=0)

    class Meta:
        db_table = "live_data_polledstate"
        verbose_name = _("polled state")
        verbose_name_plural = _("polled states")
        constraints = [
            models.UniqueConstraint(
                fields=["room", "timestamp", "status", "live_since_ms"], name="polled_state_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.timestamp:%Y-%m-%d %H:%M} {self.status}"


class LiveSession(OfRoom):
    """One session of a room: its streams, with the drops between them that the grace time bridges.

    Derived: live_data/sessions makes it again from states, polls, coverage and corrections.
    """

    class Provenance(models.TextChoices):
        SEEN = "seen", _("seen")
        INFERRED = "inferred", _("inferred")
        CORRECTED = "corrected", _("corrected by hand")

    #: Its permalink: made of room and ``opened_at``, so that it is the same however it is derived.
    session_id = EventIdField(verbose_name=_("session ID"), unique=True)
    opened_at = models.DateTimeField(_("opened at"))  #: by the first sign of it, or where it was split off
    live_key = models.TextField(_("live key"), db_default="")  #: of its first stream; empty = nobody said it
    begin = models.DateTimeField(_("begin"))
    begin_is = models.TextField(_("begin is"), choices=Provenance.choices)
    begin_by = models.TextField(_("begin is known by"))  #: a word of sessions/streams.py or corrections.py
    end = models.DateTimeField(_("end"), null=True)  #: null = it goes on
    end_is = models.TextField(_("end is"), choices=Provenance.choices, db_default="")
    end_by = models.TextField(_("end is known by"), db_default="")
    last_sign = models.DateTimeField(_("last sign of it"))
    #: [begin ms, end ms or null, begin_by, end_by] of each, in their order.
    streams = models.JSONField(_("streams"))
    title = models.TextField(_("title"), db_default="")  #: at its begin, as the next two
    area_name = models.TextField(_("area"), db_default="")
    parent_area_name = models.TextField(_("parent area"), db_default="")

    class Meta:
        db_table = "live_data_livesession"
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [models.UniqueConstraint(fields=["room", "opened_at"], name="session_once")]
        indexes = [
            models.Index(fields=["room", "begin"], name="idx_session_room_begin"),
            models.Index(fields=["begin"], name="idx_session_begin"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.begin:%Y-%m-%d %H:%M}"


class SessionFigures(OfRoom):
    """Figures of a session that is over, kept because counting them takes long. ``figures`` holds while the
    session has this span and nothing late was stored within it."""

    session = models.OneToOneField(
        LiveSession, primary_key=True, on_delete=models.CASCADE, verbose_name=_("session")
    )
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"))
    is_due = models.BooleanField(_("to be counted"), db_default=True)
    figures = models.JSONField(_("figures"), null=True)  #: sessions/figures.py; null = never counted

    class Meta:
        db_table = "live_data_sessionfigures"
        verbose_name = _("figures of a session")
        verbose_name_plural = _("figures of sessions")
        indexes = [
            models.Index(fields=["until"], name="idx_session_figures_until"),
            models.Index(fields=["until"], condition=models.Q(is_due=True), name="idx_session_figures_due"),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.since:%Y-%m-%d %H:%M}"


class SessionCorrection(OfRoom):
    """What a person said of a room's sessions; it holds for whatever is derived later, until it is undone."""

    class Kind(models.TextChoices):
        SPLIT = "split", _("split")
        MERGE = "merge", _("merged")
        BEGIN = "begin", _("begin set")
        END = "end", _("end set")

    kind = models.TextField(_("kind"), choices=Kind.choices)
    anchor = models.DateTimeField(_("session"))  #: a moment within the session that is meant
    at = models.DateTimeField(_("time"))  #: of the split, the begin, the end; of what is merged, its begin
    made_at = models.DateTimeField(_("made at"), db_default=Now())
    undone_at = models.DateTimeField(_("undone at"), null=True)

    class Meta:
        db_table = "live_data_sessioncorrection"
        verbose_name = _("correction of sessions")
        verbose_name_plural = _("corrections of sessions")
        indexes = [models.Index(fields=["room", "id"], name="idx_session_correction_room")]

    def __str__(self) -> str:
        return f"{self.room_id} {self.kind} {self.at:%Y-%m-%d %H:%M}"


class UnsettledRoom(models.Model):
    """From ``since`` on, something was stored that a room's sessions are derived from."""

    room = models.OneToOneField(
        LiveRoom,
        to_field="room_id",
        db_column="room_id",
        primary_key=True,
        on_delete=models.CASCADE,
        verbose_name=_("room"),
    )
    since = models.DateTimeField(_("since"))

    class Meta:
        db_table = "live_data_unsettledroom"
        verbose_name = _("room with unsettled sessions")
        verbose_name_plural = _("rooms with unsettled sessions")

    def __str__(self) -> str:
        return str(self.room_id)
