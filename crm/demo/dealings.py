"""What goes on with customers beside their orders, in bulk: notes, opportunities and tickets, by COPY."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.urls import reverse

from contacts.models import Touchpoint
from crm.demo.people import Book, Customers, new_keys
from crm.demo.purchases import year_start
from crm.lib.clock import BusinessHours
from crm.lib.copy import copy_rows
from sales.models import LostReason, Opportunity, Stage, StageChange
from service.models import Ticket, TicketMessage, TicketStatusChange
from service.services import sla
from service.states import Priority

NOTES, OPPORTUNITIES, TICKETS = 0.25, 0.04, 0.04
"""Shares of customers that have one."""
SAID = ["Prefers to be called in the morning.", "Asked for the catalogue.", "Wants an invoice once a month.",
        "Moved house in spring.", "Liked the last delivery.", "Pays by card only."]  # fmt: skip
WANTS = ["Weekly delivery", "Coffee for the office", "Catering for a feast", "Fruit baskets", "Cheese counter",
         "Loyalty card for the family", "Wholesale prices"]  # fmt: skip
TROUBLES = ["Milk was past its date", "Delivery came late", "Wrong amount on the receipt", "Coupon was not accepted",
            "Item missing from the bag", "Loyalty points not counted"]  # fmt: skip
FATES = ["open"] * 13 + ["won"] * 4 + ["lost"] * 3
ENDS = ["new", "open", "open", "waiting", "resolved", "resolved", *["closed"] * 6]
"""One is drawn: most tickets are over."""
STEPS = {
    "new": ["new"], "open": ["new", "open"], "waiting": ["new", "open", "waiting"],
    "resolved": ["new", "open", "resolved"], "closed": ["new", "open", "resolved", "closed"],
}  # fmt: skip
TOUCH = ["customer_id", "contact_id", "at", "kind", "channel", "direction", "summary", "body", "actor_id",
         "source_type", "source_id", "url", "data"]  # fmt: skip
Row = tuple[Any, ...]


@dataclass
class Ground:
    """What is looked up once for all batches."""

    stages: list[int] = field(default_factory=lambda: list(Stage.objects.values_list("pk", flat=True)))
    reasons: list[int] = field(default_factory=lambda: list(LostReason.objects.values_list("pk", flat=True)))
    levels: dict[str, tuple[BusinessHours, timedelta, timedelta]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the service levels."""
        for priority in Priority.values:
            level = sla.policy(priority)
            first, solved = level.first_response_minutes, level.resolution_minutes
            self.levels[priority] = sla.hours(level.calendar), timedelta(minutes=first), timedelta(minutes=solved)


@dataclass
class Dealings:
    """Rows that are about to be written, and when each customer was last in touch by them."""

    touchpoints: list[Row] = field(default_factory=list)
    opportunities: list[Row] = field(default_factory=list)
    stage_changes: list[Row] = field(default_factory=list)
    tickets: list[Row] = field(default_factory=list)
    ticket_steps: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    touched: dict[int, datetime] = field(default_factory=dict)


def invent(ground: Ground, made: Customers, book: Book, rng: np.random.Generator) -> Dealings:
    """Make up what went on with a batch of customers until last midnight."""
    found, count = Dealings(), len(made.key)
    end = year_start()[1].astype(datetime).replace(tzinfo=UTC)
    for place in np.flatnonzero(rng.random(count) < NOTES).tolist():
        text, at = SAID[rng.integers(len(SAID))], end - timedelta(minutes=int(rng.integers(600, 400_000)))
        _touch(found, made, place, at, "note", "note", "internal", text, ("", None, ""), body=text)
    places = np.flatnonzero(rng.random(count) < OPPORTUNITIES).tolist()
    for key, place in zip(new_keys(Opportunity._meta.db_table, len(places)), places, strict=True):
        book.opportunities += 1
        _opportunity(found, ground, made, place, key, _rank(book.opportunities), end, rng)
    places = np.flatnonzero(rng.random(count) < TICKETS).tolist()
    for key, place in zip(new_keys(Ticket._meta.db_table, len(places)), places, strict=True):
        _ticket(found, ground, made, place, key, end, rng)
    return found


def _rank(number: int) -> str:
    """Return order keys that grow, and never end in 0, as `crm.lib.rank` wants them."""
    return f"{np.base_repr(number, 36).lower():0>6}h"


def _touch(
    found: Dealings, made: Customers, place: int, at: datetime, kind: str, channel: str, direction: str, summary: str,
    source: tuple[str, int | None, str], body: str = "",
) -> None:  # fmt: skip
    found.touchpoints.append(
        (made.key[place], made.contact[place], at.isoformat(), kind, channel, direction, summary, body,
         made.owner[place], *source, "{}")
    )  # fmt: skip


def _opportunity(
    found: Dealings, ground: Ground, made: Customers, place: int, key: int, rank: str, end: datetime, rng: Any
) -> None:
    opened = end - timedelta(minutes=int(rng.integers(1_000, 150_000)))
    since = opened + (end - opened) * float(rng.random())
    name, value = WANTS[rng.integers(len(WANTS))], round(float(rng.lognormal(6.5, 0.8)), 2)
    stage, fate = ground.stages[rng.integers(len(ground.stages))], FATES[rng.integers(len(FATES))]
    customer, contact, owner = made.key[place], made.contact[place], made.owner[place]
    reason = ground.reasons[rng.integers(len(ground.reasons))]
    close = (end + timedelta(days=int(rng.integers(5, 90)))).date()
    over = fate != "open"
    found.opportunities.append(
        (key, name, customer, contact, owner, stage, fate, value, settings.DEFAULT_CURRENCY, close, rank,
         reason if fate == "lost" else None, "", since.isoformat(), since.isoformat() if over else None,
         opened.isoformat())
    )  # fmt: skip
    found.stage_changes.append((key, None, stage, "open", opened.isoformat(), owner))
    source = ("sales.opportunity", key, reverse("sales:opportunity", args=[key]))
    words = f"Opportunity opened: {name}, {value:,.2f} {settings.DEFAULT_CURRENCY}"
    _touch(found, made, place, opened, "opportunity-opened", "system", "internal", words, source)
    if over:
        found.stage_changes.append((key, stage, stage, fate, since.isoformat(), owner))
        kind, words = f"opportunity-{fate}", f"{fate.title()}: {name}"
        _touch(found, made, place, since, kind, "system", "internal", words, source)


def _ticket(found: Dealings, ground: Ground, made: Customers, place: int, key: int, end: datetime, rng: Any) -> None:
    status, priority = ENDS[rng.integers(len(ENDS))], Priority.values[rng.integers(len(Priority.values))]
    alive = status in {"new", "open", "waiting"}
    opened = end - timedelta(minutes=int(rng.integers(60, 5_000) if alive else rng.integers(5_000, 250_000)))
    hours, first, solved = ground.levels[priority]
    steps = STEPS[status]
    moments = [opened + timedelta(minutes=50 * nth) for nth in range(len(steps))]
    when = dict(zip(steps, (moment.isoformat() for moment in moments), strict=True))
    owner, text = made.owner[place], TROUBLES[rng.integers(len(TROUBLES))]
    found.tickets.append(
        (key, text, made.key[place], made.contact[place], status, priority, owner, "phone",
         hours.add(opened, first).isoformat(), hours.add(opened, solved).isoformat(), when.get("open"),
         when.get("waiting"), when.get("resolved"), when["new"], moments[-1].isoformat())
    )  # fmt: skip
    before = ["", *steps]
    found.ticket_steps += [(key, before[nth], step, when[step], owner) for nth, step in enumerate(steps)]
    found.messages.append((key, "customer", f"{text}.", "", "", "kept", "", when["new"]))
    source = ("service.ticket", key, reverse("service:ticket", args=[key]))
    _touch(found, made, place, opened, "ticket-opened", "system", "in", f"Ticket T-{key}: {text}", source)
    found.touched[place] = opened
    if "resolved" in when:
        at = moments[steps.index("resolved")]
        _touch(found, made, place, at, "ticket-resolved", "system", "internal", f"Resolved: T-{key} {text}", source)


def write(found: Dealings) -> None:
    """Write them."""
    opportunity = ["id", "name", "customer_id", "contact_id", "owner_id", "stage_id", "status", "value",
                   "value_currency", "expected_close", "rank", "lost_reason_id", "lost_note", "stage_since",
                   "closed_at", "created_at"]  # fmt: skip
    ticket = ["id", "subject", "customer_id", "contact_id", "status", "priority", "owner_id", "channel",
              "first_response_due", "resolution_due", "first_responded_at", "waiting_since", "resolved_at",
              "created_at", "updated_at"]  # fmt: skip
    said = ["ticket_id", "kind", "body", "to_address", "message_id", "state", "error", "created_at"]
    for model, columns, rows in (
        (Opportunity, opportunity, found.opportunities),
        (StageChange, ["opportunity_id", "from_stage_id", "to_stage_id", "status", "at", "actor_id"],
         found.stage_changes),
        (Ticket, ticket, found.tickets),
        (TicketStatusChange, ["ticket_id", "from_status", "to_status", "at", "actor_id"], found.ticket_steps),
        (TicketMessage, said, found.messages),
        (Touchpoint, TOUCH, found.touchpoints),
    ):  # fmt: skip
        copy_rows(model._meta.db_table, columns, rows)
