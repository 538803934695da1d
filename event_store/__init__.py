"""Redis: the event log, the live cache beside it, and what collectors and scheduler tell each other."""
