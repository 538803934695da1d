"""Commands that are passed over on purpose, each with the reason why. They are counted by name.

What is neither read (commands.py) nor in here is unknown, which is news. Names: protocol.md 4 and captures.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Stable and short; the debug page has them in people's words."""

    SUMMED = "a sum of what is reported singly"
    REPEATED = "a copy of what is read from another message"
    RUNNING = "a running score, whose end is read"
    SITE = "news of the whole site, not of this room"
    RANKING = "a place in the site's rankings"
    DECORATION = "a banner, an effect or a task of the page"
    SHOP = "the shop and its goods"
    CONTROLS = "controls of the site's player and panels"
    CONNECTIONS = "the state of connections between rooms"
    PRIVATE = "for one account or the streamer alone"
    PLATFORM = "the official platform brings it on a link of its own"


_BY_REASON: dict[Reason, str] = {
    Reason.SUMMED: "COMBO_SEND DM_INTERACTION DANMU_AGGREGATION SPECIAL_GIFT",
    Reason.REPEATED: "ENTRY_EFFECT ENTRY_EFFECT_MUST_RECEIVE LIVE_INTERACTIVE_GAME VIDEO_CONNECTION_MSG"
    " LIKE_INFO_V3_NOTICE GUARD_HONOR_THOUSAND GUARD_LEADER_NOTICE",
    Reason.RUNNING: "PK_BATTLE_PROCESS PK_BATTLE_PROCESS_NEW",
    Reason.SITE: "NOTICE_MSG STOP_LIVE_ROOM_LIST SYS_MSG",
    Reason.RANKING: "ONLINE_RANK_V2 ONLINE_RANK_V3 ONLINE_RANK_TOP3 POPULAR_RANK_CHANGED"
    " POPULAR_RANK_GUIDE_CARD RANK_CHANGED RANK_CHANGED_V2 AREA_RANK_CHANGED CHG_RANK_REFRESH"
    " POPULARITY_RANK_TAB_CHG ROOM_RANK"
    " PK_BATTLE_RANK_CHANGE HOT_ROOM_NOTIFY",
    Reason.DECORATION: "COMMON_NOTICE_DANMAKU ACTIVITY_BANNER_CHANGE_V2 GIFT_STAR_PROCESS PK_WIDGET"
    " PK_LOTTERY_START FULL_SCREEN_SPECIAL_EFFECT ANCHOR_LOT_NOTICE CHANGE_ROOM_INFO ROOM_SKIN_MSG"
    " VTR_GIFT_LOTTERY SUPER_CHAT_ENTRANCE PLAY_TAG TRADING_SCORE",
    Reason.SHOP: "SHOPPING_CART_SHOW HOT_BUY_NUM GOTO_BUY_FLOW RECOMMEND_CARD",
    Reason.CONTROLS: "PLAYURL_RELOAD LIVE_PANEL_CHANGE LIVE_PANEL_CHANGE_CONTENT GIFT_PANEL_PLAN"
    " GIFT_BOARD_RED_DOT OPENPLATFORM_GAME_BUTTON_STATUS_CHANGE OTHER_SLICE_LOADING_RESULT"
    " PLAYTOGETHER_ICON_CHANGE PLAY_TOGETHER REENTER_LIVE_ROOM master_qn_strategy_chg"
    " LIVE_INTERACT_GAME_STATE_CHANGE",
    Reason.CONNECTIONS: "UNIVERSAL_EVENT_GIFT UNIVERSAL_EVENT_GIFT_V2 VOICE_JOIN_LIST"
    " VOICE_JOIN_ROOM_COUNT_INFO VOICE_JOIN_SWITCH",
    Reason.PRIVATE: "ANCHOR_BROADCAST ANCHOR_HELPER_DANMU FANS_CLUB_POKE_GIFT_NOTICE"
    " ROOM_CONTENT_AUDIT_REPORT USER_PANEL_RED_ALARM WEALTH_NOTIFY",
}
_COMMANDS = {name: reason for reason, names in _BY_REASON.items() for name in names.split()}

#: Families that the site adds to all the time.
_FAMILIES = (
    ("WIDGET_", Reason.DECORATION),
    ("MESSAGEBOX_", Reason.PRIVATE),
    ("HOT_RANK_", Reason.RANKING),
    ("LIVE_MULTI_VIEW_", Reason.CONNECTIONS),
    ("COLLABORATION_LIVE_", Reason.CONNECTIONS),
    ("LIVE_OPEN_PLATFORM_", Reason.PLATFORM),
)


def reason_for(command: str) -> Reason | None:
    """Why it is passed over; None = nobody decided that it should be."""
    if (reason := _COMMANDS.get(command)) is not None:
        return reason
    return next((reason for prefix, reason in _FAMILIES if command.startswith(prefix)), None)
