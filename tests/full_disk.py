"""A disk that is really full: the kernel refuses what would make a file larger than it is allowed to be."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager

_KIND = resource.RLIMIT_FSIZE


def fill(limit: int, pid: int = 0) -> None:
    """No file of the process may grow beyond ``limit`` bytes; 0 = this process."""
    resource.prlimit(pid or os.getpid(), _KIND, (limit, resource.RLIM_INFINITY))


def free(pid: int = 0) -> None:
    resource.prlimit(pid or os.getpid(), _KIND, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def full_disk(limit: int) -> Iterator[None]:
    """For this process; what the test run itself writes must be shorter than the limit."""
    before = resource.getrlimit(_KIND)
    resource.setrlimit(_KIND, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(_KIND, before)
