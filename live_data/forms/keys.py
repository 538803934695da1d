"""Which keys of Redis to show."""

from typing import Any

from live_data.forms.fields import Query, number, short_text

MOST = 200
USUAL_PATTERN, USUAL_LIMIT = "room:*", 20


class KeysForm(Query):
    """`?pattern=room:*&limit=20`: as the commands of Redis understand it, `*` for anything."""

    pattern = short_text(100)
    limit = number(1, MOST)

    def clean_pattern(self) -> str:
        return self.cleaned_data["pattern"] or USUAL_PATTERN

    def clean_limit(self) -> int:
        return self.cleaned_data["limit"] or USUAL_LIMIT

    def shown(self) -> dict[str, Any]:
        """What stands in the fields: what was typed, else what is usual."""
        return {
            "pattern": self.data.get("pattern") or USUAL_PATTERN,
            "limit": self.data.get("limit") or USUAL_LIMIT,
        }
