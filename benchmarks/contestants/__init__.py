"""Programs that read the same frames, each in a process and an environment of its own."""
