"""What the project needs beside Python: the front end that `go.py install` fetches."""

from django.conf import settings
from django.core import checks

VENDORED = (
    "bootstrap/bootstrap.min.css",
    "bootstrap/bootstrap.bundle.min.js",
    "chart.js/chart.umd.min.js",
)
"""Files below static/vendor that pages refer to; go.py copies them there."""


def front_end_is_installed(**_: object) -> list[checks.CheckMessage]:
    """Warns when a vendored file is missing; the data is collected all the same."""
    folder = settings.BASE_DIR / "static" / "vendor"
    missing = [name for name in VENDORED if not (folder / name).is_file()]
    if not missing:
        return []
    return [
        checks.Warning(
            f"Front-end files are missing in static/vendor: {', '.join(missing)}.",
            hint="Run `python3 go.py install`; it needs the network once.",
            id="bilibili_monitor.W001",
        )
    ]
