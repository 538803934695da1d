"""How many files and sockets this process may have open. Knows not what for."""

import contextlib
import sys


def allow_as_many_as_may_be() -> int:
    """Raise the limit that most systems set low (256 or 1,024) to the highest this process may have.

    The limit from then on; 0 where there is none to raise.
    """
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 - there is none on Windows

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    # macOS calls its hard limit infinite, and refuses to be taken at its word.
    wanted = 65_536 if most == resource.RLIM_INFINITY else most
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
