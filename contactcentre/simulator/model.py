"""What the exchange knows: calls, queues, conferences, numbers, and how dialled parties behave."""

import asyncio
import itertools
import secrets
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

ENDED = {"completed", "busy", "no-answer", "failed", "canceled"}


def sid(prefix: str) -> str:
    """Return a fresh identifier: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


class Refusal(Exception):
    """An answer of the REST API that is not a success, with the carrier's error code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


@dataclass
class Call:
    """One leg. `number` is the other party's for inbound, the dialled one for outbound legs."""

    sid: str
    direction: str
    from_: str
    to: str
    status: str = "queued"
    callback: str = ""
    callback_events: tuple[str, ...] = ("completed",)
    label: str = ""
    timeout: float = 60
    sequence: int = 0
    created: float = field(default_factory=time.time)
    answered: float = 0
    ended: float = 0
    queue: "Queue | None" = None
    queued_at: float = 0
    conference: "Conference | None" = None
    hold: bool = False
    muted: bool = False
    end_on_exit: bool = False
    digits: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)
    accepted: asyncio.Event = field(default_factory=asyncio.Event)
    rejected: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None
    timers: "list[asyncio.Task[None]]" = field(default_factory=list)
    next_twiml: str = ""
    heard: list[str] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.status in ENDED

    def as_json(self, account: str) -> dict[str, Any]:
        """Return the REST resource."""
        seconds = str(int(self.ended - (self.answered or self.ended))) if self.ended else None
        return {
            "sid": self.sid, "account_sid": account, "from": self.from_, "to": self.to, "status": self.status,
            "direction": self.direction, "date_created": formatdate(self.created),
            "start_time": formatdate(self.answered) if self.answered else None,
            "end_time": formatdate(self.ended) if self.ended else None, "duration": seconds,
            "uri": f"/2010-04-01/Accounts/{account}/Calls/{self.sid}.json", "api_version": "2010-04-01",
        }  # fmt: skip


@dataclass
class Queue:
    """Callers who wait, in the order of their coming."""

    name: str
    sid: str = field(default_factory=lambda: sid("QU"))
    members: list[Call] = field(default_factory=list)


@dataclass
class Conference:
    """Legs that hear each other."""

    name: str
    sid: str = field(default_factory=lambda: sid("CF"))
    status: str = "init"
    callback: str = ""
    sequence: int = 0
    members: list[Call] = field(default_factory=list)
    created: float = field(default_factory=time.time)

    def as_json(self, account: str) -> dict[str, Any]:
        """Return the REST resource."""
        return {"sid": self.sid, "account_sid": account, "friendly_name": self.name, "status": self.status,
                "date_created": formatdate(self.created),
                "uri": f"/2010-04-01/Accounts/{account}/Conferences/{self.sid}.json"}  # fmt: skip


@dataclass
class Behaviour:
    """What a dialled party does: answer, busy, no-answer, fail, or manual for a softphone."""

    kind: str = "answer"
    answer_after: float = 0.3
    hangup_after: float = 0


class State:
    """Everything of one exchange."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}
        self.queues: dict[str, Queue] = {}
        self.conferences: dict[str, Conference] = {}
        self.numbers: dict[str, dict[str, str]] = {}
        self.behaviours: dict[str, Behaviour] = {}
        self.log: list[dict[str, Any]] = []
        self.counter = itertools.count()

    def call(self, key: str) -> Call:
        """Return a call by its identifier or its participant's label."""
        found = self.calls.get(key) or next((c for c in reversed(self.calls.values()) if c.label == key), None)
        if found is None:
            raise Refusal(404, 20404, f"The requested resource {key} was not found")
        return found

    def queue(self, name: str) -> Queue:
        """Return a queue by name, making it."""
        found = next((queue for queue in self.queues.values() if queue.name == name or queue.sid == name), None)
        if found is None:
            found = Queue(name)
            self.queues[found.sid] = found
        return found

    def conference(self, name: str, *, make: bool = False) -> Conference:
        """Return a conference that has not ended by name or identifier; `make` it when there is none."""
        for conference in self.conferences.values():
            if name == conference.sid or (name == conference.name and conference.status != "completed"):
                return conference
        if not make:
            raise Refusal(404, 20404, f"The requested resource {name} was not found")
        made = Conference(name)
        self.conferences[made.sid] = made
        return made

    def behaviour(self, number: str) -> Behaviour:
        """Return how a party behaves; softphones wait for somebody to press the button."""
        if number in self.behaviours:
            return self.behaviours[number]
        return Behaviour("manual") if number.startswith("client:") else self.behaviours.get("*", Behaviour())
