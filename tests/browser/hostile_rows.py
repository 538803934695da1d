"""Fills every text column of every table with hostile text: `python -m tests.browser.hostile_rows`.

A process of its own beside the web server: browser tests have no ORM.
"""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import django

#: What a stranger may write anywhere. `window.hacked` would tell that something of it ran.
HOSTILE = (
    "\"'><img src=x onerror=\"window.hacked='img'\"></script><script>window.hacked='script'</script>"
    "</title><svg onload=\"window.hacked='svg'\">{{7*7}}{% now 'Y' %}${7*7}"
    "\u202e\u2066turned\u200d\ufeff\u2400\x1b[31m\x07\x85\u2028"
    "\U0001f469\u200d\U0001f680 \u0e01\u0e33\u0e49\u0e49\u0e49"
    "javascript:window.hacked='url' %(x)s %n {amount} https://evil.example/x.png "
)
LONG = HOSTILE + "长" * 5000
#: Columns whose words decide something: the rest of the row must be reached.
DECIDING: dict[str, Any] = {
    "coin_type": "gold",
    "room_ids_json": "[90001]",
    "report": "toast",
    "state": "degraded",
    "outcome": "ignored",
    "guard_level": 3,
    "streams": [],
}
#: What is one row, or one for each of another table, and has no text from outside of its own.
WITHOUT_TEXT = (
    "DatabaseCopy",
    "NameFilling",
    "RollupCalendar",
    "SessionFigures",
    "SummedDays",
    "UnsettledRoom",
)
ROOM = 90001
PERSON = 1000  #: the uid of the first row of each table


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bilibili_monitor.settings")
    django.setup()
    from django.apps import apps  # noqa: PLC0415 - only now there is a Django

    every = apps.get_app_config("live_data").get_models()
    models = [model for model in every if model.__name__ not in WITHOUT_TEXT]
    for model in sorted(models, key=lambda each: each.__name__ != "LiveRoom"):
        for number, text in enumerate((HOSTILE, LONG)):
            _create(model, number, text)


def _create(model: Any, number: int, text: str) -> None:
    values = {
        field.name: _value(field, number, text)
        for field in model._meta.concrete_fields
        if not field.auto_created and not getattr(field, "generated", False)
    }
    if model.__name__ == "LiveRoom":
        model.objects.filter(room_id=values["room_id"]).delete()
    model.objects.create(**values)


def _value(field: Any, number: int, text: str) -> Any:
    kind = field.get_internal_type()
    if field.name in DECIDING:
        return DECIDING[field.name]
    if field.choices:
        return field.choices[-1][0] if number else field.choices[0][0]
    if kind == "ForeignKey":
        return field.related_model.objects.get(room_id=ROOM)
    if kind in ("TextField", "CharField"):
        # Told apart where a column is unique.
        return f"{number}{text}"[: field.max_length or None]
    return _other_value(field, kind, number)


def _other_value(field: Any, kind: str, number: int) -> Any:
    now = datetime.now(UTC) - timedelta(minutes=number)
    if kind == "JSONField":
        return {HOSTILE: HOSTILE}
    if kind == "BooleanField":
        return False
    if kind == "DateTimeField":
        return now.replace(second=0, microsecond=0) if field.name == "minute" else now
    if kind == "DateField":
        return (now - timedelta(days=number)).date()
    if kind == "BinaryField":
        return int(now.timestamp() * 1000).to_bytes(6, "big") + bytes([number]) * 10
    return ROOM + number if field.name == "room_id" else PERSON + number


if __name__ == "__main__":
    main()
