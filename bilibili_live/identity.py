"""Who we are to the site: a guest, or an account's cookies. Must not print a secret."""

import msgspec


class Identity(msgspec.Struct, frozen=True):
    """Cookies of one person; the token of a connection is bound to all of them together."""

    uid: int = 0  #: 0 = guest
    sessdata: str = ""
    bili_jct: str = ""
    buvid3: str = ""  #: of the browser; asked for when empty
    buvid4: str = ""

    @property
    def is_guest(self) -> bool:
        return self.uid == 0

    def __repr__(self) -> str:
        return f"Identity(uid={self.uid})"


GUEST = Identity()
