"""Why the system cannot start; the text of each is one line for a person: what is wrong, what to do."""

TRY_AGAIN = 75
"""Exit code of who could not do its work now and may later: EX_TEMPFAIL of sysexits.h."""


class CannotStart(Exception):
    """Root: its `str` is the whole message, to be shown without a traceback."""


class BadSetting(CannotStart):
    """A setting from the environment or `.env` has a value that cannot be used."""


class FolderRefused(CannotStart):
    """The data folder cannot be written, is in use, or holds the other kind of data."""


class DatabaseRefused(CannotStart):
    """The database cannot be opened, or its server is none that can be used."""


class PortRefused(CannotStart):
    """The address that the page should have is taken or not ours to take."""


class NoRedis(CannotStart):
    """There is no Redis server to run, or the one that was started does not answer."""
