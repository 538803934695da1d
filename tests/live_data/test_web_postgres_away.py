"""Pages while PostgreSQL is down: told in words, and well again with it, without a restart of the web."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.setting_values import ROOT
from tests.live_data.web_running import web
from tests.postgres_process import PostgresProcess, postgres_process

PASSWORD = "s3cr3t-of-the-database"


@pytest.fixture
def server() -> Iterator[PostgresProcess]:
    with postgres_process() as process:
        process.create("monitor")
        yield process


def said_by(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_server_that_was_killed_is_told_and_its_return_is_noticed(
    tmp_path: Path, server: PostgresProcess
) -> None:
    address = server.url("monitor").replace("@", f":{PASSWORD}@")
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    environ = {"DATA_DIR": str(tmp_path), "DATABASE_URL": address}
    subprocess.run(migrate, cwd=ROOT, env={**os.environ, **environ}, check=True)
    with web(tmp_path, "unix:///nowhere/valkey.sock", DATABASE_URL=address) as running:
        assert said_by(f"{running.url}/live/rooms/")[0] == 200
        debug = said_by(f"{running.url}/live/debug/")[1]
        server.kill()
        status, page = said_by(f"{running.url}/live/")
        assert (status, "The database cannot be used." in page) == (503, True)
        status, answered = said_by(f"{running.url}/live/api/rooms")
        assert (status, list(json.loads(answered))) == (503, ["error"])
        status, health = said_by(f"{running.url}/live/api/health")
        assert (status, health.count("The database cannot be used.")) == (503, 1)
        server.start()
        assert said_by(f"{running.url}/live/rooms/")[0] == 200
    logs = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "logs").iterdir())
    assert "postgresql 18" in " ".join(debug.split())
    assert not [text for text in (debug, page, answered, health, logs) if PASSWORD in text]
