"""The one timeline: every room writes its contacts and events here."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Party, Task, Touchpoint
from crm.lib.clock import now
from crm.lib.errors import DomainError
from crm.lib.words import kept


def record(
    *,
    customer_id: int,
    kind: str,
    channel: str,
    direction: str = "internal",
    summary: str,
    body: str = "",
    contact: Party | None = None,
    actor: Any = None,
    source: Any = None,
    at: datetime | None = None,
    url: str = "",
    data: dict[str, Any] | None = None,
    once: bool = False,
) -> Touchpoint:
    """Write one touchpoint. With `once`, a second call for the same source and kind returns the first."""
    source_type = source._meta.label_lower if source is not None else ""
    if once and source is not None:
        found = Touchpoint.objects.filter(source_type=source_type, source_id=source.pk, kind=kind).first()
        if found:
            return found
    moment = at or now()
    made = Touchpoint.objects.create(
        customer_id=customer_id, contact=contact, at=moment, kind=kind, channel=channel, direction=direction,
        summary=summary[:300], body=body, actor=actor if actor is not None and getattr(actor, "pk", None) else None,
        source_type=source_type, source_id=source.pk if source is not None else None,
        url=url or (source.get_absolute_url() if hasattr(source, "get_absolute_url") else ""), data=data or {},
    )  # fmt: skip
    if direction != "internal":
        ids = {customer_id, contact.pk if contact else customer_id}
        # What is written down later may have been earlier: GREATEST passes over a NULL.
        Party.objects.filter(pk__in=ids).update(last_touch_at=Greatest("last_touch_at", Value(moment)))
    return made


@transaction.atomic
def add_note(*, actor: Any, party: Party, body: str) -> Touchpoint:
    """Write a note on the timeline. Raises DomainError when it says nothing."""
    text = body.strip()
    if not text:
        raise DomainError(_("Write something first."))
    summary = text.splitlines()[0][:120]
    return record(
        customer_id=party.customer_id,
        contact=party,
        kind="note",
        channel="note",
        summary=summary,
        body=text,
        actor=actor,
    )


@transaction.atomic
def add_task(*, actor: Any, party: Party, subject: str, due_at: datetime, owner: Any = None) -> Task:
    """Plan something for a customer."""
    task = Task.objects.create(
        customer_id=party.customer_id, contact=party, subject=subject, due_at=due_at, owner=owner or actor
    )
    record(
        customer_id=party.customer_id, contact=party, kind="task", channel="task", actor=actor, source=task,
        summary=subject, data={"due_at": due_at.isoformat()},
    )  # fmt: skip
    return task


@transaction.atomic
def finish_task(task: Task, *, actor: Any) -> None:
    """Tick a task off; twice is once."""
    done = Task.objects.filter(pk=task.pk, done_at=None).update(done_at=now(), done_by=actor)
    if done:
        record(
            customer_id=task.customer_id, contact=task.contact, kind="task-done", channel="task", actor=actor,
            source=task, summary=task.subject,
        )  # fmt: skip


@transaction.atomic
def reopen_task(task: Task, *, actor: Any) -> None:
    """Take a tick back; the timeline keeps both."""
    opened = Task.objects.filter(pk=task.pk, done_at__isnull=False).update(done_at=None, done_by=None)
    if opened:
        record(
            customer_id=task.customer_id, contact=task.contact, kind="task", channel="task", actor=actor, source=task,
            summary=kept(gettext_lazy("Open again: %(subject)s"), subject=task.subject),
        )  # fmt: skip
