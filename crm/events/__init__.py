"""Domain events and effects: what happened, told upwards after commit; what leaves the process, done once.

An event is a frozen dataclass, declared with `@event(subject="ticket_id")` in a room's `events.py`, published by a
service inside its transaction, and received by functions in higher rooms' `subscribers.py`, declared with
`@subscribe(TicketResolved)`. Both sides are rows in Postgres first; Redis only wakes the worker.
"""

from crm.events.effects import effect, effect_handler
from crm.events.outbox import event, publish, subscribe

__all__ = ["effect", "effect_handler", "event", "publish", "subscribe"]
