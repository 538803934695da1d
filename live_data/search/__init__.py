"""Search of what was said: a query language, an index of it, and pages of hits, newest first.

A hit is decided by one thing alone: whether the folded word stands in the folded text (`folding`), and the
rest of the query holds (`wanted`). The index only names rows that are worth looking at.
"""
