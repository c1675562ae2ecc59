"""Small marks: icons, faces, keys, the right to listen, a number to dial."""

from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from crm import live
from crm.lib import phones
from crm.ui import cells

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon of the sprite; with a label it is read aloud."""
    return _icon(str(name), str(label))


@lru_cache(maxsize=1000)
def _icon(name: str, label: str) -> SafeString:
    # Kept: a page has some sixty of them, and the address of the sprite is worked out each time.
    hidden = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon" {}><use href="{}#{}"/></svg>', hidden, static("icons.svg"), name)


@register.simple_tag
def face(name: Any, size: str = "") -> SafeString:
    """Draw the mark of a person."""
    return cells.face(str(name), size)


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """Print a key where it acts."""
    return mark_safe("".join(f"<kbd>{escape(key)}</kbd>" for key in keys.split()))


@register.simple_tag
def live_token(*channels: str) -> SafeString:
    """Give the page the right to hear these channels."""
    return format_html('data-live-token="{}"', live.token([str(channel) for channel in channels]))


@register.simple_tag
def risk(value: Any) -> SafeString:
    """Show a churn risk between 0 and 1 as bars and per cent."""
    return cells.risk(value)


@register.simple_tag
def state(label: Any, level: str = "") -> SafeString:
    """Show a state by form and word."""
    return cells.state((label, level))


@register.inclusion_tag("components/phone_link.html", takes_context=True)
def phone_link(context: dict[str, Any], e164: Any, party_id: int | None = None, label: str = "") -> dict[str, Any]:
    """A number that dials when it is clicked, where there is a contact centre."""
    try:
        url = reverse("contactcentre:dial")
    except NoReverseMatch:
        url = ""
    words = label or phones.show(str(e164))
    return {
        "url": url,
        "number": str(e164),
        "party_id": party_id or "",
        "label": words,
        "csrf_token": context.get("csrf_token"),
    }
