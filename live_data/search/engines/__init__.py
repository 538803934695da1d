"""The index itself, on each engine: the same functions."""
