"""After the call: notes as they are typed, how it went, onto the timeline, and free for the next."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.services import calling as lists
from campaigns.states import Outcome
from contactcentre.events import CallWrappedUp
from contactcentre.models import Agent, Call, Disposition
from contactcentre.services import presence, routing
from contactcentre.states import AgentState, CallStatus
from contacts.services import timeline
from crm.events import publish
from crm.lib.clock import now
from crm.lib.errors import DomainError
from crm.lib.words import kept

RESULTS = {"no_answer": Outcome.NO_ANSWER, "busy": Outcome.NO_ANSWER, "failed": Outcome.NO_ANSWER}


def keep_notes(call: Call, *, actor: Any, notes: str) -> None:
    """Keep what was typed so far."""
    Call.objects.filter(pk=call.pk, agent=actor, wrapped_up_at=None).update(notes=notes[:10_000])


@transaction.atomic
def finish(
    call: Call, *, actor: Any, disposition: Disposition | None, notes: str, callback_at: datetime | None = None
) -> Call:
    """Write it down and be free. Raises DomainError while they still talk, or when it was written down before."""
    row = Call.objects.select_for_update(of=("self",)).select_related("contact", "entry").get(pk=call.pk)
    if row.status != CallStatus.ENDED:
        raise DomainError(_("Hang up first."))
    if row.wrapped_up_at is not None or row.agent_id != actor.pk:
        raise DomainError(_("This call is written down already."))
    outcome = disposition.outcome if disposition else ""
    if outcome == Outcome.CALLBACK and row.entry_id and callback_at is None:
        raise DomainError(_("Say when to call back."))
    row.disposition, row.notes, row.wrapped_up_at = disposition, notes.strip()[:10_000], now()
    row.save(update_fields=["disposition", "notes", "wrapped_up_at"])
    if row.customer_id:
        _on_the_timeline(row, actor)
        if callback_at and row.contact and not row.entry_id:
            subject = _("Call back %(name)s") % {"name": row.contact.name}
            timeline.add_task(actor=actor, party=row.contact, subject=subject, due_at=callback_at)
    if row.entry and row.entry.state in {"reserved", "dialling"}:
        result = RESULTS.get(row.result) if row.result != "answered" else None
        final = outcome or result or Outcome.NOT_INTERESTED
        lists.record_outcome(row.entry, actor=actor, outcome=final, note=row.notes, callback_at=callback_at)
    _free(actor)
    publish(CallWrappedUp(call_id=row.pk))
    return row


def _on_the_timeline(call: Call, actor: Any) -> None:
    minutes, seconds = divmod(call.talk_seconds, 60)
    how = call.disposition.name if call.disposition else ""
    if call.result == "answered":
        words = gettext_lazy("Called us, %(time)s") if call.direction == "in" else gettext_lazy("We called, %(time)s")
    else:
        words = gettext_lazy("Missed call") if call.direction == "in" else gettext_lazy("Tried to call")
    summary = kept(words, time=f"{minutes}:{seconds:02d}")
    timeline.record(
        customer_id=call.customer_id or 0, contact=call.contact, kind="call", channel="call", direction=call.direction,
        actor=actor, source=call, body=call.notes, summary=f"{summary}, {how}" if how else summary, once=True,
        at=call.answered_at or call.started_at,
    )  # fmt: skip


def _free(actor: Any) -> None:
    agent: Agent = Agent.objects.select_for_update().get(user=actor)
    if agent.state == AgentState.WRAP_UP:
        presence.free(agent)
        routing.wake()
