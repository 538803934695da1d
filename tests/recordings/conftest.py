"""This folder is collected only where the recordings are; elsewhere one line says so."""

import pytest

from tests.recordings.folder import EXISTS, RECORDINGS

collect_ignore_glob = [] if EXISTS else ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not EXISTS:
        terminalreporter.write_line(
            f"tests/recordings: not collected, there is no {RECORDINGS} (RECORDINGS_DIR)"
        )
