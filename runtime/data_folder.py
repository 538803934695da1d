"""DATA_DIR: made, tried for writing, marked as real or demo, and locked by one `up` at a time."""

import contextlib
import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from runtime.errors import FolderRefused

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# Windows locks a range of bytes, which then nobody else can read: the range lies behind the text.
_LOCKED_BYTE = 1_000_000


def make_folder(path: Path) -> None:
    """Makes `path` and its parents, for this user alone; raises FolderRefused when that does not work."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise _unwritable(path, error) from error


def check_writable(path: Path) -> None:
    """Raises FolderRefused unless a file can be written in `path`, which is made when it is missing."""
    make_folder(path)
    probe = path / f".write-test-{os.getpid()}"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as error:
        raise _unwritable(path, error) from error


def check_kind(path: Path, demo: bool) -> None:
    """Keeps played money out of real data: a folder is for `demo` or not, from its first use on."""
    marker, kind = path / "kind", "demo" if demo else "real"
    try:
        found = marker.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        try:
            write_private(marker, f"{kind}\n")
        except OSError as error:
            raise _unwritable(path, error) from error
        return
    if found != kind:
        raise FolderRefused(
            f"{path} holds {found} data, which a {kind} run must not touch; set another DATA_DIR."
        )


def has_content(path: Path) -> bool:
    """Whether `path` is a file with at least a byte in it."""
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def secret(path: Path) -> str:
    """The text of the secret file `path`, made with 50 random bytes and mode 600 when missing or empty."""
    make_folder(path.parent)
    try:
        known = _known(path)
        if not known:
            _make_secret(path)
            known = _known(path)
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    return known


def _known(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def _make_secret(path: Path) -> None:
    """Raises OSError; then there is no file, or the one of a process that was faster."""
    new = _written_beside(path, f"{secrets.token_urlsafe(50)}\n")
    try:
        os.link(new, path)
    except OSError:  # somebody was faster, the file is an empty one, or this file system has no links
        if not _known(path):
            new.replace(path)
    new.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Replaces `path` by a file of mode 600 with `text`; a reader sees the old or the new one.

    Raises OSError; the old one then stays as it is.
    """
    _written_beside(path, text).replace(path)


def _written_beside(path: Path, text: str) -> Path:
    """A file of mode 600 that can take the place of `path`; none when the disk refuses it."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    return new


@contextlib.contextmanager
def locked(lock_file: Path) -> Iterator[None]:
    """Holds `lock_file` until the block or the process ends; raises FolderRefused naming who has it."""
    with lock_file.open("a+", encoding="utf-8") as file:
        if not _take(file):
            file.seek(0)
            raise FolderRefused(
                f"{lock_file.parent} is in use by process {file.read().strip() or 'unknown'}; "
                "stop that one first (Ctrl-C in its terminal), or set another DATA_DIR."
            )
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _take(file: TextIO) -> bool:
    try:
        if sys.platform == "win32":
            file.seek(_LOCKED_BYTE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _unwritable(path: Path, error: OSError) -> FolderRefused:
    reason = error.strerror or type(error).__name__
    return FolderRefused(f"{path} cannot be written ({reason}); set DATA_DIR to a folder that can.")
