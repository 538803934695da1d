"""Choosing rooms."""

from django import forms
from django.utils.translation import gettext_lazy


class AddRoomForm(forms.Form):
    """The room that a person typed; the site says whether it exists."""

    room = forms.CharField(
        max_length=200,
        label=gettext_lazy("Room number or address"),
        error_messages={"required": gettext_lazy("Type a room number or its live.bilibili.com address.")},
    )
