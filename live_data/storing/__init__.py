"""What the sync is made of: a slice of the log, rows of its events, and all that follows from them."""
