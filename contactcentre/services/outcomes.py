"""What a call turns into, linked to it."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from djmoney.money import Money

from contactcentre.models import Call
from contacts.models import Party
from crm.lib.errors import DomainError
from sales.models import Opportunity
from sales.services import pipeline
from service.models import Ticket
from service.services import casework


def _customer(call: Call) -> Party:
    if call.customer is None:
        raise DomainError(_("Say first who is calling."))
    return call.customer


def open_ticket(call: Call, *, actor: Any, subject: str, description: str = "", priority: str = "normal") -> Ticket:
    """Open a ticket for the caller's customer. Raises DomainError when nobody knows yet who it is."""
    return casework.open_ticket(
        actor=actor, subject=subject, description=description, priority=priority, customer=_customer(call),
        contact=call.contact, owner=actor, channel="phone", call_id=call.pk,
    )  # fmt: skip


def open_opportunity(call: Call, *, actor: Any, name: str, value: Decimal) -> Opportunity:
    """Open an opportunity for the caller's customer, for its owner to follow up."""
    customer = _customer(call)
    return pipeline.open_opportunity(
        actor=actor, name=name, customer=customer, contact=call.contact, owner=customer.owner or actor,
        value=Money(value, settings.DEFAULT_CURRENCY), call_id=call.pk,
    )  # fmt: skip
