"""A contact centre with two agents, and callers who wait."""

from datetime import timedelta
from itertools import count
from types import SimpleNamespace

import pytest

from contactcentre.models import Call, Queue
from contactcentre.services import presence, routing, setup
from contacts.models import Score
from crm.lib.clock import now


@pytest.fixture
def centre(hanna, sam):
    """Both take everything; nobody is available yet."""
    setup.ensure_defaults()
    return SimpleNamespace(
        hanna=setup.make_agent(hanna), sam=setup.make_agent(sam), sales=Queue.objects.get(key="sales"),
        service=Queue.objects.get(key="service"),
    )  # fmt: skip


@pytest.fixture
def caller(centre):
    """Let somebody wait: `caller(party, waited=30)`."""
    numbers = count(1)

    def make(party=None, *, waited=0, queue=None, number=None):
        moment, n = now() - timedelta(seconds=waited), next(numbers)
        call = Call.objects.create(
            sid=f"CA{n}", direction="in", other_number=number or f"+1212555{n:04d}", our_number=setup.MAIN,
            contact=party, customer_id=party.customer_id if party else None, queue=queue or centre.service,
            status="queued", started_at=moment, queued_at=moment,
        )  # fmt: skip
        call.terms = routing.terms_of(call, call.queue)
        call.base_score = sum(call.terms.values())
        call.save()
        return call

    return make


@pytest.fixture
def scored(party_factory):
    """Make a customer of known worth: `scored(value=0.9, churn=0.2)` (percentile and risk)."""

    def make(value=0.5, churn=0.1, **fields):
        party = party_factory(**fields)
        for kind, number, share in (("lifetime_value", 100 * value, value), ("churn", churn, churn)):
            Score.objects.create(
                customer=party, kind=kind, value=number, percentile=share, as_of=now(), scored_at=now()
            )
        return party

    return make


@pytest.fixture
def available(centre):
    """Let an agent be free: `available(hanna)`."""

    def make(*users):
        for user in users:
            presence.choose(user, "available")

    return make
