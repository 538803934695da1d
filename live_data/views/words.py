"""What the page's scripts say, in the visitor's language."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """By name; `{placeholders}` are filled in by the script."""
    return {
        "live": _("Live"),
        "offline": _("Offline"),
        "replay": _("Replay"),
        "for_another": _("to someone else"),
        "online": _("popularity {count}"),
        "since": _("since {time}"),
        "next_try": _("next try {time}"),
        "figure_now": _("{now} now"),
        "figure_summary": _("{now} now, {change} in this time"),
        "figure_nothing": _("Nothing is known of this figure in this time."),
        "figure_failed": _(
            "The chart is not up to date: the page did not answer. It is tried again by itself."
        ),
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
        "red_packet": _("Red packet"),
        "gifts_inside": _("{amount} of gifts inside"),
        "cny": _("¥{amount}"),
        "battery": _("{amount} battery"),
        "free": _("free"),
        "list_price": _("list price {amount}"),
        "blind_box": _("blind box"),
        "out_of_box": _("out of {box}, worth {amount}"),
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
