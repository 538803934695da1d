"""Where the recordings are: real people's words, read from there and never copied into the project."""

import os
from pathlib import Path

_DEFAULT = Path(__file__).resolve().parents[3] / "shared" / "recordings"

RECORDINGS = Path(os.environ.get("RECORDINGS_DIR") or _DEFAULT)
EXISTS = (RECORDINGS / "messages").is_dir()
