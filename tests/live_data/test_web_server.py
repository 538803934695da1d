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


def test_health_that_is_not_well_is_an_answer_and_no_line_in_the_log(tmp_path: Path, redis_url: str) -> None:
    with web(tmp_path, redis_url) as running:
        connection = http.client.HTTPConnection(urlsplit(running.url).netloc, timeout=20)
        for path, status in (("/live/api/health", 503), ("/live/nowhere", 404)):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status
        connection.close()
        logged = (running.data_dir / "logs" / "web.log").read_text(encoding="utf-8")
    assert "/live/nowhere" in logged
    assert "/live/api/health" not in logged
