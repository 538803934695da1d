"""Sessions by the name in their address. A name holds for ever: also when its session began earlier than was
known, became part of another one, or was joined again after a split."""

from live_data import keyset
from live_data.instants import epoch_ms
from live_data.models import LiveRoom, LiveSession
from live_data.sessions.settling import session_id


def name(session: LiveSession) -> str:
    return keyset.to_text(bytes(session.session_id))


def named(text: str) -> LiveSession | None:
    """None for what names no session, and none of a session that is."""
    try:
        wanted = keyset.from_text(text)
        at = keyset.moment(wanted)
    except ValueError:
        return None
    exact = LiveSession.objects.filter(session_id=wanted).select_related("room").first()
    if exact is not None:
        return exact
    room_ids = LiveRoom.objects.values_list("room_id", flat=True)
    room_id = next((each for each in room_ids.iterator() if session_id(each, epoch_ms(at)) == wanted), None)
    before = LiveSession.objects.filter(room_id=room_id, begin__lte=at).select_related("room")
    nearest = before.order_by("-begin").first()
    return nearest if nearest is not None and (nearest.end is None or at <= nearest.end) else None
