"""The collector: one connection per desired room, journal first, then the event log. No Django."""
