"""Figures and times in words."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.timesince import timesince
from django.utils.timezone import now
from django.utils.translation import gettext as _

from crm.lib import phones, words
from crm.ui import cells

register = template.Library()


@register.filter
def money(value: Any) -> str:
    """Print an amount: symbol first, no decimals from 1,000 up."""
    return "–" if value is None or value == "" else cells.amount(value)


@register.filter
def when(value: datetime | None) -> str:
    """Print a moment in the person's zone."""
    return cells.moment(value) if value else "–"


@register.filter
def day(value: Any) -> str:
    """Print a date in the person's zone."""
    return cells.day(value) if value else "–"


@register.filter
def ago(value: datetime | None) -> str:
    """Print how long ago, in one unit."""
    if not value:
        return "–"
    if (now() - value).total_seconds() < 60:
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(value, depth=1)}


@register.filter
def phone(value: Any) -> str:
    """Print a number as it is written where it belongs."""
    return phones.show(str(value)) if value else "–"


@register.filter
def percent(value: Any) -> str:
    """Print a share between 0 and 1."""
    return "–" if value is None else f"{float(value):.0%}"


@register.filter
def count(value: Any) -> str:
    """Print a whole number with thin groups."""
    return f"{int(value or 0):,}"


@register.filter
def reason(term: Any) -> str:
    """Print a reason of a score."""
    return words.reason(term) if term else "–"


@register.filter
def clock(seconds: Any) -> str:
    """Print seconds as m:ss or h:mm:ss."""
    total = int(seconds or 0)
    hours, rest = divmod(total, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
