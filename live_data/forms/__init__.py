"""What people and programs send, checked; each error is one line that says what would be right."""
