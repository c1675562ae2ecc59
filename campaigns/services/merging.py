"""Merge fields: `{first_name}`, `{contacts.city|your town}`; what is unknown becomes the words after the bar."""

import re
from typing import Any

from django.utils.html import urlize
from django.utils.translation import gettext as _

from contacts.models import Party
from crm.lib import registry
from crm.lib.errors import DomainError
from crm.ui.cells import amount, day

FIELD = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)(?:\|([^{}]*))?\}")
OWN = ("first_name", "last_name", "name")


def known() -> list[str]:
    """Return every field that may be used."""
    return [*OWN, *registry.attributes()]


def check(text: str) -> set[str]:
    """Return the fields a text uses. Raises DomainError for one that does not exist."""
    used = {match.group(1) for match in FIELD.finditer(text)}
    strange = sorted(used - set(known()))
    if strange:
        raise DomainError(_("There is no merge field {%(field)s}.") % {"field": strange[0]})
    return used


def with_values(queryset: Any, used: set[str]) -> Any:
    """Annotate parties with the attributes a text uses."""
    for key in sorted(used - set(OWN)):
        queryset = registry.attributes()[key].annotate(queryset, "merge_" + key.replace(".", "_"))
    return queryset


def fill(text: str, party: Party) -> str:
    """Return the text for one party, annotated by `with_values`."""
    return FIELD.sub(lambda match: _value(match.group(1), party) or (match.group(2) or ""), text)


def _value(key: str, party: Party) -> str:
    if key in OWN:
        return str(getattr(party, key))
    value = getattr(party, "merge_" + key.replace(".", "_"), None)
    if value in (None, ""):
        return ""
    kind = registry.attributes()[key].type
    if kind == "money":
        return amount(value)
    if kind in {"share", "rank"}:
        return f"{float(value):.0%}"
    return day(value) if kind == "date" else str(value)


def as_html(text: str, foot: str) -> str:
    """Return plain text as simple HTML: paragraphs and links, everything else escaped; `foot` is HTML already."""
    parts = (str(urlize(part, autoescape=True)).replace("\n", "<br>") for part in text.split("\n\n") if part.strip())
    body = "".join(f"<p>{part}</p>" for part in parts)
    return f"<!doctype html><html><body>{body}<hr><p>{foot}</p></body></html>"
