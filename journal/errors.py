"""Why a journal cannot be used. Nothing else leaves this package."""


class JournalError(OSError):
    """Root of all: in the end it is always a file that is in the way. ``str()`` is one line."""


class JournalBusy(JournalError):
    """Another process writes this journal."""


class JournalForeign(JournalError):
    """What lies in the folder was not written by a journal; it is left alone."""


class JournalRefused(JournalError):
    """The disk does not take it: it is full, or read-only. What was written before is as it was."""


class JournalUnreadable(JournalError):
    """The disk does not give back what was written. Damaged records are no error: they are told."""


class RecordTooLong(JournalError):
    """No reader would take it for a record. Nothing of it was written."""
