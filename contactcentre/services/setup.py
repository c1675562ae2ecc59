"""What a contact centre begins with."""

from typing import Any

from contactcentre.models import Agent, Disposition, Number, Queue, Skill
from contactcentre.services.presence import agent_of

MAIN = "+15550001000"
QUEUES = [("sales", "Sales", "1"), ("service", "Service", "2")]
DISPOSITIONS = [
    ("Solved", ""), ("Ticket opened", ""), ("Sale or interest", "interested"), ("No interest", "not_interested"),
    ("Call back", "callback"), ("Nobody there", "no_answer"), ("Wrong number", "wrong_number"),
    ("Do not call again", "do_not_call"),
]  # fmt: skip


def ensure_defaults() -> None:
    """Make two queues with their skills, the main number and the dispositions, where there are none."""
    for key, name, digit in QUEUES:
        if not Queue.objects.filter(key=key).exists():
            skill, _made = Skill.objects.get_or_create(name=name)
            Queue.objects.create(key=key, name=name, digit=digit, skill=skill)
    if not Number.objects.exists():
        Number.objects.create(
            e164=MAIN, label="Main", queue=Queue.objects.get(key="service"), is_default=True,
            greeting="Welcome to Rapport. For sales press 1, for service press 2.",
        )  # fmt: skip
    if not Disposition.objects.exists():
        for position, (name, outcome) in enumerate(DISPOSITIONS):
            Disposition.objects.create(name=name, position=position, outcome=outcome)


def make_agent(user: Any, *skills: str) -> Agent:
    """Let a user take calls; without named skills, of all kinds."""
    agent = agent_of(user)
    agent.skills.set(Skill.objects.filter(name__in=skills) if skills else Skill.objects.all())
    return agent


def caller_id() -> str:
    """Return the number shown when we call."""
    number = Number.objects.order_by("-is_default", "pk").first()
    return str(number.e164) if number else MAIN
