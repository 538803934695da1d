"""Our figures beside those of a simulator that knows what it sent: the proof that nothing was lost."""
