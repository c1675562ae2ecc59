"""What service tells the rooms above."""

from crm.events import event


@event(subject="ticket_id")
class TicketOpened:
    """A customer needs something."""

    ticket_id: int


@event(subject="ticket_id")
class TicketReplied:
    """We answered."""

    ticket_id: int


@event(subject="ticket_id")
class TicketResolved:
    """It is solved."""

    ticket_id: int
