"""What agents do, one state at a time, with its moment."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from contactcentre.models import Agent, AgentStateChange
from contactcentre.states import CHOSEN, OCCUPIED, AgentState
from crm import live
from crm.lib.clock import now
from crm.lib.errors import DomainError


def agent_of(user: Any) -> Agent:
    """Return the user as an agent, making them one."""
    found: Agent = Agent.objects.select_related("user").get_or_create(user=user, defaults={"since": now()})[0]
    return found


def tell(user_id: int) -> None:
    """Let the agent's console fetch itself again."""
    live.publish(f"user:{user_id}", "call-changed")
    live.publish("queues", "queue-changed")


def enter(agent: Agent, state: str) -> None:
    """Set the state; call it with the agent's row locked or claimed."""
    agent.state, agent.since = state, now()
    agent.save(update_fields=["state", "since", "next_state"])
    AgentStateChange.objects.create(agent=agent, state=state, at=agent.since)
    tell(agent.user_id)


@transaction.atomic
def choose(user: Any, state: str) -> Agent:
    """Do as the agent asks: at once, or after the call and its wrap-up. Raises DomainError for what is no choice."""
    if state not in CHOSEN:
        raise DomainError(_("This is nothing one can choose."))
    agent: Agent = Agent.objects.select_for_update().get(pk=agent_of(user).pk)
    if agent.state in OCCUPIED:
        agent.next_state = "" if state == AgentState.AVAILABLE else state
        agent.save(update_fields=["next_state"])
        tell(agent.user_id)
        return agent
    agent.next_state = ""
    if agent.state != state:
        enter(agent, state)
    return agent


def free(agent: Agent) -> None:
    """After a call: what was asked for meanwhile, else available."""
    after = agent.next_state or AgentState.AVAILABLE
    agent.next_state = ""
    enter(agent, after)
