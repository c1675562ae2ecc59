"""What the contact centre tells the rooms above."""

from crm.events import event


@event(subject="call_id")
class CallEnded:
    """A call is over."""

    call_id: int


@event(subject="call_id")
class CallWrappedUp:
    """The agent has written down how it went."""

    call_id: int
