"""The web process: uvicorn, stopped without waiting for the streams that browsers keep open."""

import sys
from types import FrameType

import uvicorn

from bilibili_monitor.asgi import application
from live_data.views.stream import close_streams
from runtime import environment, logs
from runtime.errors import CannotStart


class Server(uvicorn.Server):
    """uvicorn waits for open responses; an event stream never ends by itself, so it is told to."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        """Runs on SIGINT and SIGTERM.

        Not uvicorn's own: that raises the signal again at the end, which is a traceback on Ctrl-C.
        """
        close_streams()
        self.should_exit = True


def main() -> None:
    """Serves until SIGTERM or SIGINT; exit code 0 then."""
    try:
        settings = environment.from_process()
        logs.configure("web", settings.logs_dir, settings.log_level)
    except CannotStart as error:
        sys.exit(f"Error: {error}")
    Server(_config(settings)).run()


def _config(settings: environment.Environment) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        # uvicorn would let X-Forwarded-For replace the client's address and hide it from our refusal.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,  # seconds, less than the supervisor waits
    )


if __name__ == "__main__":
    main()
