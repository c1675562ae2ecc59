"""Measurements of the telephone: how long from the carrier’s word that a caller waits to the ring on the page."""

import http.client
import json
import os
import queue
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from django.core.management.base import CommandError

from contactcentre.models import Agent, Call, Queue, RoutingDecision
from contactcentre.services import presence, setup
from contactcentre.states import ALIVE, AgentState, CallStatus
from contacts.models import Phone
from crm import live
from crm.accounts.models import User
from crm.benching.client import Client, session_cookie
from crm.benching.figures import spread
from crm.benching.filled import filled
from crm.benching.processes import Served, served, until
from crm.lib.clock import now

CUSTOMERS = 10_000
CALLS = 60
WARM_UP = 3
OTHERS_WAITING = 30
PATIENCE = 20.0
MENU_SECONDS = 0.05


class Ears(threading.Thread):
    """An agent's page as far as live messages go: keeps the moment at which each word of a call arrived."""

    def __init__(self, public: str, user: User) -> None:
        super().__init__(daemon=True)
        place = urlsplit(public)
        self.connection = http.client.HTTPConnection(place.hostname or "", place.port)
        self.address = f"/live/?token={live.token([f'user:{user.pk}', 'queues'])}"
        self.heard: queue.Queue[float] = queue.Queue()
        self.opened = threading.Event()

    def run(self) -> None:
        """Listen until the stream ends."""
        self.connection.request("GET", self.address, headers={"Accept": "text/event-stream"})
        for line in self.connection.getresponse():
            self.opened.set()
            if line.startswith(b"data:") and json.loads(line[5:])["name"] == "call-changed":
                self.heard.put(time.time())

    def forget(self) -> None:
        """Forget what was heard so far."""
        while not self.heard.empty():
            self.heard.get_nowait()


class Switchboard:
    """The telephone simulator and an agent at the console."""

    def __init__(self, servers: Served, user: User) -> None:
        self.simulator, self.user = servers.simulator, user
        self.ears = Ears(servers.public, user)
        self.page = Client(servers.public, session_cookie(user))
        self.http = requests.Session()
        self.ears.start()
        if not self.ears.opened.wait(PATIENCE):
            raise CommandError("The live stream did not open.")

    def ring(self, number: str) -> tuple[float, float]:
        """Let somebody call; returns milliseconds from the carrier's word to the live message, and to load the pop."""
        self.ears.forget()
        script = [{"after": MENU_SECONDS, "digits": "2"}]
        call = {"from": number, "to": setup.MAIN, "script": script}
        sid = self.http.post(f"{self.simulator}/sim/calls", json=call, timeout=PATIENCE).json()["sid"]
        rang, passed = self._shown(sid)
        message = 1000 * (rang - self._arrival(sid))
        self.http.post(f"{self.simulator}/sim/calls/{sid}/hangup", timeout=PATIENCE)
        if not until(self._at_rest, PATIENCE):
            raise CommandError("The agent did not come free after the caller hung up.")
        return message, passed

    def _shown(self, sid: str) -> tuple[float, float]:
        """Do as the page does at each message: fetch its part anew, until the caller is on it."""
        try:
            while True:
                rang = self.ears.heard.get(timeout=PATIENCE)
                passed, body = self.page.get("/calls/console/?part=call")
                call = Call.objects.filter(sid=sid).first()  # the message may be a late one of the call before
                if call and f"/calls/{call.pk}/do/answer/".encode() in body:
                    return rang, passed
        except queue.Empty:
            raise CommandError(f"Nothing rang within {PATIENCE:.0f} s.") from None

    def _arrival(self, sid: str) -> float:
        """Return the moment at which the carrier said that this caller waits."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for entry in reversed(self.http.get(f"{self.simulator}/sim/log", timeout=PATIENCE).json()):
                if entry["params"].get("CallSid") == sid and "/hooks/wait/" in entry["url"]:
                    return float(entry["at"] - entry["ms"] / 1000)
        raise CommandError("The carrier never said that the caller waits.")

    def _at_rest(self) -> bool:
        free = Agent.objects.filter(user=self.user, state=AgentState.AVAILABLE).exists()
        return free and not Call.objects.filter(status__in=ALIVE).exclude(sid__startswith="CAbench").exists()


def others(count: int) -> None:
    """Let callers wait for people who are not there, so that the router has something to look at."""
    waits = Queue.objects.get(key="sales")
    owners = Phone.objects.select_related("party").order_by("-pk")[:count]
    for place, phone in enumerate(owners):
        Call.objects.create(
            sid=f"CAbench{place}", direction="in", other_number=str(phone.number), our_number=setup.MAIN, queue=waits,
            contact=phone.party, customer_id=phone.party.customer_id, status=CallStatus.QUEUED, started_at=now(),
            queued_at=now(), base_score=place, terms={"value": float(place), "risk": 0.0, "ticket": 0.0},
        )  # fmt: skip


def bench_screenpop(options: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Let known customers call an agent one after the other, through all processes of the product."""
    filled(options["size"] or CUSTOMERS, options["seed"])
    user = User.objects.filter(role__key="agent", is_active=True).earliest("pk")
    setup.make_agent(user, "Service")
    others(OTHERS_WAITING)
    rounds = options["repeat"] or CALLS
    numbers = [str(number) for number in Phone.objects.order_by("pk").values_list("number", flat=True)[:rounds]]
    os.environ["TWILIO_API_URL"] = os.environ["SIMULATOR_URL"]
    with served("simulator", "web", "worker", "telephony", "beat") as servers:
        switchboard = Switchboard(servers, user)
        presence.choose(user, AgentState.AVAILABLE)
        for number in numbers[:WARM_UP]:
            switchboard.ring(number)
        last = RoutingDecision.objects.latest("pk").pk
        times = [switchboard.ring(number) for number in numbers]
        switchboard.page.close()
    decisions = RoutingDecision.objects.filter(pk__gt=last).values_list("milliseconds", flat=True)
    yield spread("decision", list(decisions), waiting=OTHERS_WAITING + 1)
    yield spread("message", [message for message, _page in times])
    yield spread("pop", [page for _message, page in times])
    yield spread("ring", [message + page for message, page in times])


BENCHES = {"screenpop": bench_screenpop}
