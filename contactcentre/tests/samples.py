"""Calls of the customer below: one over, one talking with the administrator, one that waits."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from contactcentre.models import Call, Disposition, Queue
from contactcentre.services import presence, setup
from contactcentre.states import AgentState
from crm.lib.clock import now


def calls(cast: SimpleNamespace) -> dict[str, Call]:
    """Make them."""
    setup.ensure_defaults()
    queue, moment = Queue.objects.get(key="service"), now()
    shared = {
        "direction": "in", "other_number": "+12125550100", "our_number": setup.MAIN, "contact": cast.elin,
        "customer": cast.elin, "queue": queue, "menu": queue.name,
        "terms": {"value": 22.5, "risk": 14.2, "ticket": 15.0},
    }  # fmt: skip
    over = Call.objects.create(
        **shared, sid="CAover", status="ended", result="answered", agent=cast.hanna, notes="Wants a new wand.",
        disposition=Disposition.objects.first(), started_at=moment - timedelta(minutes=9),
        queued_at=moment - timedelta(minutes=8), answered_at=moment - timedelta(minutes=7),
        ended_at=moment - timedelta(minutes=3), wrapped_up_at=moment - timedelta(minutes=2),
    )  # fmt: skip
    talking = Call.objects.create(
        **shared,
        sid="CAtalk",
        status="talking",
        agent=cast.root,
        started_at=moment,
        queued_at=moment,
        answered_at=moment,
    )
    presence.enter(presence.agent_of(cast.root), AgentState.BUSY)
    waiting = Call.objects.create(**shared, sid="CAwait", status="queued", started_at=moment, queued_at=moment)
    return {"over": over, "talking": talking, "waiting": waiting}


def arguments(cast: SimpleNamespace) -> dict[str, list[Any]]:
    """Return the arguments of each address."""
    made = calls(cast)
    over, talking = [made["over"].pk], [made["talking"].pk]
    return {
        "contactcentre:call": over,
        "contactcentre:party_panel": [cast.elin.pk],
        **{
            f"contactcentre:{name}": talking
            for name in ("notes", "wrap_up", "link", "new_contact", "ticket", "opportunity")
        },
        "contactcentre:verb": [made["talking"].pk, "hold"],
        "contactcentre:simulator_verb": ["behave"],
        "contactcentre:hook_wait": [made["waiting"].queue_id],
        **{f"contactcentre:hook_{name}": talking for name in ("bridge", "leg", "room")},
    }
