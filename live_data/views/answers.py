"""Answers that several views give."""

from typing import Any

from django.forms import Form
from django.http import JsonResponse

from live_data.forms.fields import UNKNOWN_ROOM


def answer(data: dict[str, Any], status: int = 200) -> JsonResponse:
    """JSON that people can read, too: Chinese stays Chinese."""
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})


def problem(status: int, sentence: str) -> JsonResponse:
    """One line that says what was wrong; for people who type addresses by hand, too."""
    return answer({"error": sentence}, status)


def refused(form: Form, *, named: bool = True) -> JsonResponse:
    """The first thing that was wrong, and unless a person sees the field, with its name: 400, or 404."""
    name, errors = next(iter(form.errors.as_data().items()))
    [said] = errors[0].messages
    status = 404 if errors[0].code == UNKNOWN_ROOM else 400
    return problem(status, f"{name}: {said}" if named else said)
