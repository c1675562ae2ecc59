"""Tickets of the demo company in every state, by the services of service."""

from datetime import datetime, timedelta

from crm.demo.company import Company
from crm.lib import clock
from crm.lib.clock import now
from service.models import Ticket, TicketMessage
from service.services import casework
from service.states import TicketStatus

TICKETS = 64
TROUBLES = [
    ("Milk was past its date", "Two bottles from yesterday's delivery.", "We are sorry. The money is on its way back."),
    ("Delivery came late", "It was promised for ten and came at two.", "The driver was held up. The fee is refunded."),
    ("Wrong amount on the receipt", "The bread was charged twice.", "You are right. We have corrected it."),
    ("Coupon was not accepted", "The till said it had run out.", "It is valid again until the end of the month."),
    ("Item missing from the bag", "The cheese was paid for, but not there.", "We bring it tomorrow, with our excuse."),
    ("Loyalty points not counted", "Last Saturday's purchase is not in the account.", "The points are booked now."),
    ("Freezer at the store out of order", "The ice cream was soft.", "The technician was there this morning."),
    ("Invoice for the firm", "The bookkeeper needs it with our tax number.", "It is attached to your account."),
]  # fmt: skip
ROADS = {
    "new": [], "open": ["open"], "waiting": ["open", "waiting"],
    "resolved": ["open", "resolved"], "closed": ["open", "waiting", "open", "resolved", "closed"],
}  # fmt: skip
ENDS = [*ROADS, "open", "open", "closed", "closed", "resolved"]
PRIORITIES = ["low", "normal", "normal", "normal", "high", "high", "urgent"]
ANSWERERS = ("hanna", "yuki", "omar", "lena", "sam")


def play(company: Company) -> None:
    """Open tickets and bring each to where it stands; their mails count as sent."""
    ends = [ENDS[nth % len(ENDS)] for nth in range(company.some(TICKETS))]
    # In the order of their time: a higher number is a younger ticket.
    for opened, end in sorted((_opened(company, end), end) for end in ends):
        _ticket(company, opened, end)
    TicketMessage.objects.filter(kind="reply").update(state="sent", error="")


def _opened(company: Company, end: str) -> datetime:
    over = end in {"resolved", "closed"}
    return company.office_hour(company.dice.randrange(6, 60) if over else company.dice.randrange(1, 4))


def _ticket(company: Company, opened: datetime, end: str) -> None:
    dice = company.dice
    customer, contact = company.somebody()
    subject, words, answer = dice.choice(TROUBLES)
    owner = company.staff[dice.choice(ANSWERERS)]
    with clock.as_of(opened):
        ticket = casework.open_ticket(
            actor=owner, subject=subject, customer=customer, contact=contact, priority=dice.choice(PRIORITIES),
            description=words, owner=None if end == "new" and dice.random() < 0.5 else owner,
            channel=dice.choice(["phone", "email"]),
        )  # fmt: skip
    moment = opened
    for to in ROADS[end]:
        moment = min(moment + timedelta(minutes=dice.randrange(20, 900)), now() - timedelta(minutes=1))
        with clock.as_of(moment):
            if ticket.status == TicketStatus.NEW and casework.address_of(ticket):
                casework.reply(ticket, actor=owner, body=answer)
                ticket.refresh_from_db()
            if ticket.status != to:
                casework.move(ticket, actor=owner, to=to)
    if dice.random() < 0.3:
        casework.note(ticket, actor=owner, body="Asked the store manager to look into it.")
    Ticket.objects.filter(pk=ticket.pk).update(created_at=opened, updated_at=moment)
    for message in ticket.messages.all():
        at = opened if message.kind == "customer" else max(opened, ticket.first_responded_at or moment)
        TicketMessage.objects.filter(pk=message.pk).update(
            created_at=at, sent_at=at if message.kind == "reply" else None
        )
