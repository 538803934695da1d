"""The protocol without I/O: bytes in, events and bytes out. Knows no socket, clock or event loop."""
