"""`python -m runtime.in_memory_redis PORT`: the stand-in for Redis on Windows. Keeps nothing on disk."""

import sys

if sys.platform == "win32":
    from fakeredis import TcpFakeServer

    def main() -> None:
        """Serves on 127.0.0.1 until the process is ended."""
        TcpFakeServer(("127.0.0.1", int(sys.argv[1])), server_type="redis").serve_forever()

    if __name__ == "__main__":
        main()
