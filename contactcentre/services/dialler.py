"""The progressive dialler: one call for each free agent of a running list, consent and hours asked at that moment."""

from typing import Any

from django.db import transaction

from campaigns.models import CallEntry, Campaign
from campaigns.services import calling as lists
from contactcentre.models import Agent, Call
from contactcentre.services import calling
from contactcentre.states import AgentState
from crm.lib import locks


def tick() -> int:
    """Dial for every free agent; returns how many calls were placed. Two ticks at once are one."""
    with locks.advisory(locks.DIALLER, 1) as held:
        if not held:
            return 0
        running = Campaign.objects.filter(kind="call", mode="progressive", status="running").order_by(
            "started_at", "pk"
        )
        return sum(_work(campaign) for campaign in running)


def _work(campaign: Campaign) -> int:
    placed = 0
    while _dial_one(campaign):
        placed += 1
    return placed


@transaction.atomic
def _dial_one(campaign: Campaign) -> Call | None:
    """Reserve an agent and an entry and write the call, all in one transaction."""
    # Callers who wait go first: an agent is only dialled for when nobody of theirs is in a queue.
    if Call.objects.filter(status="queued").exists():
        return None
    rows: Any = Agent.objects.select_for_update(skip_locked=True, of=("self",)).select_related("user")
    agent = rows.filter(state=AgentState.AVAILABLE, user__is_active=True).order_by("since").first()
    if agent is None:
        return None
    entry = lists.claim_next(campaign, agent.user, dialling=True)
    if entry is None:
        return None
    return calling.place(agent, str(entry.phone), entry.contact, entry)


def release_lost() -> int:
    """Put entries back that are being dialled by a call that is over or was never placed; returns how many."""
    lost = CallEntry.objects.filter(state="dialling").exclude(
        pk__in=Call.objects.filter(wrapped_up_at=None).exclude(entry=None).values("entry_id")
    )
    count = 0
    for entry in lost:
        lists.release(entry)
        count += 1
    return count
