"""The change history of one row in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.ui import cells

LIMIT = 50


@dataclass(frozen=True)
class Change:
    """One entry: who, when, what was done, and each field's from and to."""

    who: str
    at: datetime
    verb: str
    fields: list[tuple[str, str, str]]


def _words(value: Any) -> str:
    if value is None or value == "":
        return "–"
    return cells.moment(value) if isinstance(value, datetime) else str(value)


def _differences(model: Any, old: Any, new: Any) -> list[tuple[str, str, str]]:
    made = []
    for field in model._meta.concrete_fields:
        if field.name in {"updated_at", "rank"} or not hasattr(new, field.attname):
            continue
        before, after = getattr(old, field.attname), getattr(new, field.attname)
        if before != after:
            made.append((capfirst(field.verbose_name), _words(before), _words(after)))
    return made


def changes(obj: Any) -> list[Change]:
    """Return the newest changes of a row, newest first."""
    model = type(obj)
    events = list(
        model.pgh_event_model.objects.filter(pgh_obj_id=obj.pk)
        .select_related("pgh_context")
        .order_by("-pgh_id")[: LIMIT + 1]
    )
    contexts = [event.pgh_context.metadata if event.pgh_context else {} for event in events]
    people = User.objects.in_bulk({context["user"] for context in contexts if context.get("user")})
    verbs = {"insert": _("created it"), "update": _("changed it"), "delete": _("deleted it")}
    made = []
    for place, (event, context) in enumerate(zip(events, contexts, strict=True)):
        before = events[place + 1] if place + 1 < len(events) else None
        fields = _differences(model, before, event) if before and event.pgh_label == "update" else []
        person = people.get(context.get("user"))
        who = person.name if person else context.get("actor") or _("The system")
        if place < LIMIT and (fields or event.pgh_label != "update"):
            made.append(Change(who, event.pgh_created_at, verbs.get(event.pgh_label, event.pgh_label), fields))
    return made
