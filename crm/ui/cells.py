"""Cells of lists as finished HTML: one function a kind, no template in the loop."""

import html
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.lib import money as money_words
from crm.lib import phones


def escape(value: Any) -> SafeString:
    """Return text that is safe in HTML. Django's own also asks each time whether the text is a lazy one."""
    return value if isinstance(value, SafeString) else SafeString(html.escape(str(value)))


NOTHING = SafeString('<span class="quiet">–</span>')
RISK_BARS = '<span class="risk-bars" aria-hidden="true"><i></i><i></i><i></i></span>'
HUES = 12


def hue(text: str) -> int:
    """Return the colour of a face: the same name is always the same colour."""
    return sum(map(ord, text)) % HUES


def initials(name: str) -> str:
    """Return one or two letters for a face."""
    words = [word for word in name.split() if word[:1].isalnum()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


def face(name: str, size: str = "") -> SafeString:
    """Return the round mark of a person or firm; decoration, the name stands beside it."""
    extra = f" face-{size}" if size else ""
    return SafeString(
        f'<span class="face{extra}" data-hue="{hue(name)}" aria-hidden="true">{escape(initials(name))}</span>'
    )


def risk_level(value: float) -> tuple[int, str]:
    """Return bars and word of a churn risk between 0 and 1."""
    if value >= 0.6:
        return 3, _("high")
    return (2, _("raised")) if value >= 0.3 else (1, _("low"))


def risk(value: Any) -> SafeString:
    """Return a risk as bars and per cent."""
    level, word = risk_level(float(value))
    text = f'<span>{float(value):.0%}<span class="sr"> {escape(word)}</span></span>'
    return SafeString(f'<span class="risk" data-level="{level}">{RISK_BARS}{text}</span>')


def phone(e164: str) -> SafeString:
    """Return a number that is dialled by a click: by the contact centre where there is one, else by the device."""
    return SafeString(f'<a class="dial-number" href="tel:{escape(e164)}">{escape(phones.show(e164))}</a>')


def amount(value: Any) -> str:
    """Return money in words; a bare number is in the default currency."""
    if hasattr(value, "currency"):
        return money_words.fmt(value)
    return money_words.fmt_amount(Decimal(str(value)), settings.DEFAULT_CURRENCY)


def day(value: Any) -> str:
    """Return a short date in the person's zone."""
    return _day(localtime(value).date() if isinstance(value, datetime) else value, get_language())


@lru_cache(maxsize=5_000)
def _day(value: date, language: str | None) -> str:
    # The days of a list are few; to print one takes as long as the rest of its row.
    return date_format(value, _("j M Y"))


def moment(value: datetime) -> str:
    """Return a date with its time in the person's zone."""
    return date_format(localtime(value), _("j M Y, H:i"))


def state(value: Any) -> SafeString:
    """Return a state: a (label, level) pair or a label alone."""
    label, level = value if isinstance(value, tuple) else (value, "")
    extra = f" state-{level}" if level else ""
    return SafeString(f'<span class="state{extra}">{escape(label)}</span>')


def person(value: Any) -> SafeString:
    """Return a colleague with face and name."""
    name = getattr(value, "name", str(value))
    return SafeString(f'<span class="line nowrap">{face(name, "small")}<span class="clip">{escape(name)}</span></span>')


def link(value: Any) -> SafeString:
    """Return strong text; the column's url makes it a link."""
    return SafeString(f"<span>{escape(value)}</span>")


KINDS: dict[str, Any] = {
    "text": escape,
    "link": escape,
    "who": lambda value: SafeString(f"{face(str(value))}{link(value)}"),
    "money": lambda value: escape(amount(value)),
    "number": lambda value: f"{value:,}" if isinstance(value, int) else escape(f"{float(value):,.2f}"),
    "percent": lambda value: f"{float(value):.0%}",
    "date": lambda value: escape(day(value)),
    "when": lambda value: escape(moment(value) if isinstance(value, datetime) else day(value)),
    "phone": lambda value: phone(str(value)),
    "status": state,
    "person": person,
    "risk": risk,
}
RIGHT = frozenset({"money", "number", "percent"})


def render(kind: str, value: Any) -> str:
    """Return the inside of a cell."""
    if value is None or value == "":
        return NOTHING
    return str(KINDS[kind](value))


__all__ = ["RIGHT", "amount", "date", "day", "face", "initials", "moment", "render", "risk", "state"]
