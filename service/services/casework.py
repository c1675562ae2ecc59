"""Open a ticket, answer it, hand it on, solve it, take it up again."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Email, Party
from contacts.services import timeline
from crm.events import effect, effect_handler, publish
from crm.lib import state
from crm.lib.channels import email
from crm.lib.clock import now
from crm.lib.errors import DomainError
from crm.lib.words import kept
from service.events import TicketOpened, TicketReplied, TicketResolved
from service.models import Ticket, TicketMessage, TicketStatusChange
from service.services import sla
from service.states import MOVES, TicketStatus

REPLY = "service.reply"


@transaction.atomic
def open_ticket(
    *,
    actor: Any,
    subject: str,
    customer: Party,
    contact: Party | None = None,
    priority: str = "normal",
    description: str = "",
    owner: Any = None,
    channel: str = "phone",
    call_id: int | None = None,
) -> Ticket:
    """Open one; due times are reckoned in business hours. Raises DomainError without a subject."""
    if not subject.strip():
        raise DomainError(_("Say in a few words what it is about."))
    first, resolution = sla.due(priority, now())
    ticket = Ticket.objects.create(
        subject=subject.strip()[:200], customer_id=customer.customer_id, contact=contact, priority=priority,
        owner=owner, channel=channel, source_call_id=call_id, first_response_due=first, resolution_due=resolution,
    )  # fmt: skip
    if description.strip():
        TicketMessage.objects.create(ticket=ticket, kind="customer", body=description.strip())
    _step(ticket, "", TicketStatus.NEW, actor)
    _tell(ticket, "ticket-opened", gettext_lazy("Ticket %(number)s: %(subject)s"), actor, direction="in")
    publish(TicketOpened(ticket_id=ticket.pk))
    return ticket


def _step(ticket: Ticket, old: str, new: str, actor: Any) -> None:
    TicketStatusChange.objects.create(
        ticket=ticket, from_status=old, to_status=new, at=now(), actor=actor if getattr(actor, "pk", None) else None
    )


def _tell(ticket: Ticket, kind: str, words: Any, actor: Any, *, direction: str = "internal", body: str = "") -> None:
    channel = "email" if kind == "ticket-reply" else "system"
    timeline.record(
        customer_id=ticket.customer_id, contact=ticket.contact, kind=kind, channel=channel, direction=direction,
        actor=actor, source=ticket, body=body, summary=kept(words, number=ticket.number, subject=ticket.subject),
    )  # fmt: skip


@transaction.atomic
def move(ticket: Ticket, *, actor: Any, to: str) -> Ticket:
    """Set the status. Raises DomainError for a step that is not allowed, StaleState when somebody was faster.

    Waiting for the customer stops the clock of the resolution; it runs on when the wait is over.
    """
    old, moment = ticket.status, now()
    state.check(MOVES, old, TicketStatus(to))
    values: dict[str, Any] = {"updated_at": moment}
    if old == TicketStatus.WAITING and ticket.waiting_since:
        values |= {"waiting_since": None, "resolution_due": sla.after_pause(ticket, ticket.waiting_since, moment)}
    if to == TicketStatus.WAITING:
        values["waiting_since"] = moment
    values["resolved_at"] = (
        moment if to == TicketStatus.RESOLVED else None if to == TicketStatus.OPEN else ticket.resolved_at
    )
    state.move(Ticket.objects.filter(pk=ticket.pk), old=old, new=to, **values)
    ticket.refresh_from_db()
    _step(ticket, old, to, actor)
    if to == TicketStatus.RESOLVED:
        _tell(ticket, "ticket-resolved", gettext_lazy("Resolved: %(number)s %(subject)s"), actor)
        publish(TicketResolved(ticket_id=ticket.pk))
    return ticket


@transaction.atomic
def update(ticket: Ticket, *, actor: Any, values: dict[str, Any]) -> Ticket:
    """Change subject, priority or owner; another priority reckons the due times anew from the opening."""
    changed = values.get("priority", ticket.priority) != ticket.priority
    for name, value in values.items():
        setattr(ticket, name, value)
    if changed:
        ticket.first_response_due, ticket.resolution_due = sla.due(ticket.priority, ticket.created_at)
    ticket.save(update_fields=[*values, "first_response_due", "resolution_due", "updated_at"])
    return ticket


@transaction.atomic
def note(ticket: Ticket, *, actor: Any, body: str) -> TicketMessage:
    """Write a note that stays inside."""
    made: TicketMessage = TicketMessage.objects.create(ticket=ticket, kind="note", body=_said(body), author=actor)
    return made


def _said(body: str) -> str:
    if not body.strip():
        raise DomainError(_("Write something first."))
    return body.strip()


def address_of(ticket: Ticket) -> str:
    """Return where replies go: the contact's first working e-mail address, else the customer's."""
    owners = [key for key in (ticket.contact_id, ticket.customer_id) if key]
    rows = Email.objects.filter(party_id__in=owners, bounced_at=None).order_by("-is_primary", "pk")
    found = {row.party_id: row.address for row in reversed(rows)}
    return next((found[key] for key in owners if key in found), "")


@transaction.atomic
def reply(ticket: Ticket, *, actor: Any, body: str) -> TicketMessage:
    """Answer the customer by e-mail. Raises DomainError when there is no address; nothing is written then."""
    to = address_of(ticket)
    if not to:
        raise DomainError(_("This customer has no e-mail address. Add one, or write a note."))
    made: TicketMessage = TicketMessage.objects.create(
        ticket=ticket, kind="reply", body=_said(body), author=actor, to_address=to, state="queued"
    )
    made.message_id = email.message_id(f"ticket-{ticket.pk}-{made.pk}")
    made.save(update_fields=["message_id"])
    Ticket.objects.filter(pk=ticket.pk, first_responded_at=None).update(first_responded_at=now())
    ticket.refresh_from_db()
    if ticket.status == TicketStatus.NEW:
        move(ticket, actor=actor, to=TicketStatus.OPEN)
    _tell(
        ticket, "ticket-reply", gettext_lazy("Answered: %(number)s %(subject)s"), actor, direction="out", body=made.body
    )
    effect(REPLY, {"message_id": made.pk}, key=f"{REPLY}:{made.pk}")
    publish(TicketReplied(ticket_id=ticket.pk))
    return made


@effect_handler(REPLY, queue="mail")
def _send_reply(payload: dict[str, Any], attempt_id: str, repeat: bool) -> None:
    """Hand a reply to the mail server. A repeat carries the same Message-ID, so mailboxes keep one copy."""
    made = TicketMessage.objects.select_related("ticket").filter(pk=payload["message_id"]).first()
    if made is None or made.state == "sent":
        return
    ticket = made.ticket
    earlier = list(
        TicketMessage.objects.filter(ticket=ticket, kind="reply", pk__lt=made.pk).values_list("message_id", flat=True)
    )
    headers = {"Message-ID": made.message_id, "Auto-Submitted": "no"}
    if earlier:
        headers |= {"In-Reply-To": earlier[-1], "References": " ".join(earlier[-10:])}
    try:
        email.send(
            to=made.to_address, subject=f"[{ticket.number}] {ticket.subject}", text=made.body, headers=headers,
            from_address=settings.SUPPORT_FROM_EMAIL,
        )  # fmt: skip
    except Exception as error:
        TicketMessage.objects.filter(pk=made.pk).update(state="failed", error=str(error)[:300])
        raise
    TicketMessage.objects.filter(pk=made.pk).update(state="sent", sent_at=now(), error="")
