"""The web process as `up` runs it."""

import http.client
from pathlib import Path
from urllib.parse import urlsplit

from tests.live_data.web_running import web


def test_it_ends_open_streams_properly_when_told_to_stop(tmp_path: Path, redis_url: str) -> None:
    with web(tmp_path, redis_url) as running:
        connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=20)
        connection.request("GET", "/live/api/stream")
        stream = connection.getresponse()
        assert stream.readline() == b"retry: 2000\n"
        running.process.terminate()
        stream.read()  # raises IncompleteRead when the server cut it off instead of ending it
        connection.close()
        assert running.process.wait(timeout=20) == 0
