"""Domain events and effects: what happened, told upwards after commit; what leaves the process, done once.

An event is a frozen dataclass, declared with `@event(subject="ticket_id")` in a room's `events.py`, published by a
service inside its transaction, and received by functions in higher rooms' `subscribers.py`, declared with
`@subscribe(TicketResolved)`. Both sides are rows in Postgres first; Redis only wakes the worker.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm.events.effects import effect, effect_handler
    from crm.events.outbox import event, publish, subscribe

__all__ = ["effect", "effect_handler", "event", "publish", "subscribe"]
HOMES = {
    "effect": "effects",
    "effect_handler": "effects",
    "event": "outbox",
    "publish": "outbox",
    "subscribe": "outbox",
}


def __getattr__(name: str) -> Any:
    """Fetch a name when it is first asked for: Django imports this package before models may be."""
    if name not in HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"crm.events.{HOMES[name]}"), name)
