"""Log files: DATA_DIR/logs/<process>.log, rotating, UTF-8. The terminal gets nothing from here."""

import logging
import time
from http import HTTPStatus
from logging.handlers import RotatingFileHandler
from pathlib import Path

from runtime.data_folder import make_folder

FILE_BYTES = 5_000_000
OLD_FILES = 3


def configure(process: str, logs_dir: Path, level: str) -> None:
    """Sends all logging and warnings of this process from `level` up to `logs_dir`/`process`.log.

    Raises FolderRefused when `logs_dir` cannot be made.
    """
    # A full disk would answer each line that cannot be written with a traceback in the terminal.
    logging.raiseExceptions = False
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    root.addHandler(rotating_file(logs_dir / f"{process}.log"))
    root.setLevel(level)
    # One line per HTTP request of every open page drowns what matters.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    # A refused Host is answered with 400; a traceback each would let any page on this machine fill the log.
    logging.getLogger("django.security.DisallowedHost").setLevel(logging.CRITICAL)
    # What cannot be served now is answered with 503, by health each time it is asked: no failure of ours.
    logging.getLogger("django.request").addFilter(_is_no_503)
    logging.captureWarnings(True)


def _is_no_503(record: logging.LogRecord) -> bool:
    return getattr(record, "status_code", None) != HTTPStatus.SERVICE_UNAVAILABLE


def rotating_file(
    path: Path, line_format: str = "%(asctime)s %(levelname)s %(name)s %(message)s"
) -> RotatingFileHandler:
    """A handler that appends to `path`, with OLD_FILES older files of FILE_BYTES at most; times are UTC."""
    make_folder(path.parent)
    # delay: no empty file for who has nothing to say. errors: a lone surrogate must not lose the line.
    handler = RotatingFileHandler(
        path,
        maxBytes=FILE_BYTES,
        backupCount=OLD_FILES,
        encoding="utf-8",
        delay=True,
        errors="backslashreplace",
    )
    formatter = logging.Formatter(line_format)
    formatter.converter = time.gmtime
    formatter.default_msec_format = "%s.%03dZ"
    handler.setFormatter(formatter)
    return handler
