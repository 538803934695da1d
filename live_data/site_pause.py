"""The quiet time that the site asked for, seen by all processes of the data folder.

Each look-up opens its own way to the site: without this, the next one would ask again at once, which
makes risk control worse. Knows no site and no SQL.
"""

import json
import logging
import time
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)

_FILE = "site-pause.json"


def begin(seconds: float) -> None:
    """From now on, for the site of the settings."""
    now = time.time()
    said = {"site": settings.ENVIRONMENT.bilibili_url, "from": now, "until": now + seconds}
    scratch = _path().with_suffix(".new")
    try:
        scratch.write_text(json.dumps(said), encoding="utf-8")
        scratch.replace(_path())
    except OSError as error:  # a full disk is no reason to refuse what was typed
        log.warning("the pause that the site asked for cannot be kept: %s", error)


def remaining() -> float:
    """Seconds until this site may be asked again; 0.0 = now."""
    try:
        said = json.loads(_path().read_text(encoding="utf-8"))
        site, since, until = said["site"], float(said["from"]), float(said["until"])
    except (OSError, ValueError, LookupError, TypeError):
        return 0.0
    # Before it began: the clock was set back, and how long it still lasts is unknown.
    is_on = site == settings.ENVIRONMENT.bilibili_url and since <= time.time() < until
    return until - time.time() if is_on else 0.0


def _path() -> Path:
    folder: Path = settings.ENVIRONMENT.data_dir
    return folder / _FILE
