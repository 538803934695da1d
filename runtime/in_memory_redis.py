"""`python -m runtime.in_memory_redis PORT`: the stand-in for Redis on Windows. Keeps nothing on disk."""

import sys

if sys.platform == "win32":
    from fakeredis import TcpFakeServer
    from fakeredis._commands import command
    from fakeredis._socket._fakesocket import FakeSocket

    def info(_socket: FakeSocket, *_sections: bytes) -> bytes:
        """What is asked of a server here: its version, and that its memory has no limit."""
        said = ("redis_version:8.0.0", "maxmemory:0", "maxmemory_policy:noeviction", "aof_enabled:0")
        return "\r\n".join(["# Server", *said, ""]).encode()

    def memory(socket: FakeSocket, asked: bytes, name: bytes, *_samples: bytes) -> int | None:
        """MEMORY USAGE, about: of a stream by its first and last entry, of all else nothing."""
        if asked.upper() != b"USAGE" or name not in socket._db:
            return None
        value = socket._db[name].value
        if not hasattr(value, "stream_info"):
            return 1
        facts = value.stream_info(False, False)
        said = dict(zip(facts[::2], facts[1::2], strict=True))
        ends = [len(repr(said[end])) for end in (b"first-entry", b"last-entry")]
        return int(said[b"length"]) * max(ends)

    # It does not know these, and ends the connection of whoever asks for what it does not know.
    FakeSocket.info = command((), (bytes,), name="info")(info)
    FakeSocket.memory = command((bytes, bytes), (bytes,), name="memory")(memory)

    def main() -> None:
        """Serves on 127.0.0.1 until the process is ended."""
        TcpFakeServer(("127.0.0.1", int(sys.argv[1])), server_type="redis").serve_forever()

    if __name__ == "__main__":
        main()
