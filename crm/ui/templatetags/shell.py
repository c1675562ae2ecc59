"""Parts of the shell that look the same from page to page: rendered once, then kept in memory."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MOST_KEPT = 500
_kept: dict[Any, SafeString] = {}


@register.simple_tag(takes_context=True)
def shell_part(context: template.Context, name: str) -> SafeString:
    """Include a part of the shell that rests on language, menu, actions and the person's name alone.

    Tokens, nonces and figures do not belong into such a part.
    """
    user = context["request"].user
    menu = tuple((entry["url"], entry["here"]) for _section, entries in context["shell_menu"] for entry in entries)
    actions = tuple(action.key for action in context["shell_actions"])
    person = (str(getattr(user, "name", "")), str(getattr(user, "team", "")))
    key = (name, get_language(), bool(context.get("rail")), menu, actions, person)
    part = _kept.get(key)
    if part is None:
        part = context.template.engine.get_template(name).render(context)
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        if not settings.DEBUG:  # who works on the template wants to see it
            _kept[key] = part
    return part
