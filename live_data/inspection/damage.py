"""Parts of journals that were lost before SQL had them."""

from datetime import datetime, timedelta

from django.db.models import F, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from live_data.models import CoverageSpan
from live_data.models.coverage import JOURNAL_DAMAGED
from live_data.redis_report import Problem

_DAY = timedelta(days=1)


def problems(now: datetime) -> list[Problem]:
    """Of what was sent in the last day. Raises DatabaseError."""
    spans = CoverageSpan.objects.filter(
        cause=JOURNAL_DAMAGED, end__gt=F("timestamp"), end__gte=now - _DAY, end__lte=now + _DAY
    )
    found = spans.aggregate(since=Min("timestamp"), until=Max("end"))
    if found["since"] is None:
        return []
    said = _(
        "a part of the journal was lost before the database had it:"
        " what rooms sent between %(since)s and %(until)s is missing"
    )
    return [Problem(said % {name: _time(moment) for name, moment in found.items()})]


def _time(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")
