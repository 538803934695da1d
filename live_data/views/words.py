"""What the page's scripts say, in the visitor's language."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """By name; `{placeholders}` are filled in by the script."""
    return {
        "live": _("Live"),
        "offline": _("Offline"),
        "replay": _("Replay"),
        "for_another": _("to someone else"),
        "online": _("{count} online"),
        "since": _("since {time}"),
        "next_try": _("next try {time}"),
        "per_minute": _("{count} / min"),
        "danmaku_per_minute": _("Danmaku per minute"),
        "room": _("Room {room}"),
        "revenue_gift": _("Gifts"),
        "revenue_super_chat": _("Super chats"),
        "revenue_guard": _("Guards"),
        "in_the_last_minute": _("{figure} in the last minute"),
        "pause": _("Pause"),
        "resume": _("Resume"),
        "waiting_lines": _("{count} new"),
        "unknown_name": _("(unknown)"),
        "gift": "{name} ×\u00a0{num}",
        "super_chat": _("Super chat"),
        "guard_1": _("Governor"),
        "guard_2": _("Admiral"),
        "guard_3": _("Captain"),
        "guard": "{level} ×\u00a0{num}",
        "cny": _("¥{amount}"),
        "battery": _("{amount} battery"),
        "free": _("free"),
        "backpack": _("from the backpack"),
        "deleted": _("taken down"),
        "mirrored": _("from a connected room"),
        "sticker": _("sticker"),
        "admin": _("admin"),
        "streaming": _("Receiving live"),
        "polling": _("Receiving every second"),
        "waiting": _("Waiting for Redis"),
        "connecting": _("Connecting…"),
        "interrupted": _("The page lost its connection; it tries again by itself."),
        "adding": _("Asking the site…"),
        "add_failed": _("The page did not answer; is it still running?"),
    }
