"""Sessions (场次): derived from what was heard and polled, and from what people corrected."""
