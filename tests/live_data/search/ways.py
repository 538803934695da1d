"""The ways that PostgreSQL may go to find candidates, as values of its module: all at once, or a few
documents and then GIN, or ever more documents.

Of tables as small as those of tests the planner knows nothing, and says so by -1.
"""

WAYS: tuple[dict[str, int], ...] = (
    {"_FEW": 2_000},
    {"_FEW": 2, "_FEW_ROWS": 2, "_MOST_ROWS": 0, "_MOST_OF_ALL_ROOMS": 0},
    {"_FEW": 2, "_FEW_ROWS": 2, "_LESS": -1_000},
)
