"""Answers that several views give."""

from typing import Any

from django.forms import Form
from django.http import JsonResponse


def answer(data: dict[str, Any], status: int = 200) -> JsonResponse:
    """JSON that people can read, too: Chinese stays Chinese."""
    return JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})


def problem(status: int, sentence: str) -> JsonResponse:
    """One line that says what was wrong; for people who type addresses by hand, too."""
    return answer({"error": sentence}, status)


def refused(form: Form, *, named: bool = True) -> JsonResponse:
    """400 with the first thing that was wrong, and unless a person sees the field, with its name."""
    name, errors = next(iter(form.errors.items()))
    return problem(400, f"{name}: {errors[0]}" if named else str(errors[0]))
