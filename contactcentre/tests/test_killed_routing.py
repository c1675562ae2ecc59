"""A worker is killed while it brings a caller to an agent: the telephone rings once, and they talk."""

import signal
from contextlib import contextmanager

import pytest
import requests
from django.db import connection

from contactcentre.models import Call, Offer, RoutingDecision
from contactcentre.services import calling, presence, setup
from crm.events.models import Effect

pytestmark = pytest.mark.slow


@pytest.fixture
def waiting(product, hanna):
    """A caller in the queue, and an agent who is not there yet."""
    setup.ensure_defaults()
    setup.make_agent(hanna)
    script = [{"after": 0.3, "digits": "1"}]
    call = {"from": "+12125550100", "to": setup.MAIN, "script": script}
    sid = requests.post(f"{product.simulator}/sim/calls", json=call, timeout=5).json()["sid"]
    return product.wait_until(lambda: Call.objects.filter(sid=sid, status="queued").first(), 20, "the caller waited")


def legs(product):
    """Return every leg that was ever dialled to an agent."""
    calls = requests.get(f"{product.simulator}/sim/calls", timeout=5).json()
    return [row for row in calls if row["to"].startswith("client:")]


def talk(product, call, agent):
    """Let the agent answer once the telephone rings, and see that it rang once and both are in one room."""
    product.wait_until(lambda: [leg for leg in legs(product) if leg["status"] == "ringing"], 20, "the agent's rang")
    calling.answer(call, actor=agent)
    product.wait_until(lambda: Call.objects.get(pk=call.pk).status == "talking", 20, "they talked")
    assert [leg["conference"] for leg in legs(product)] == [call.conference]
    assert [offer.state for offer in call.offers.all()] == ["accepted"]
    assert RoutingDecision.objects.filter(call=call).count() == 1


def test_the_ringing_of_a_call(product, waiting, hanna):
    product.signal("simulator", signal.SIGSTOP)  # the carrier takes its time
    presence.choose(hanna, "available")
    rings = Effect.objects.filter(kind="voice.ring", state="running")
    product.wait_until(rings.exists, 10, "the worker asked the carrier to ring")
    product.kill_worker()
    assert rings.exists(), "killed with the request under way"
    product.signal("simulator", signal.SIGCONT)
    product.start_worker()
    talk(product, waiting, hanna)


@contextmanager
def held_back(table, pk):
    """Hold a row so that nobody can commit a new reference to it."""
    other = connection.get_new_connection(connection.get_connection_params())
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [pk])
    yield
    other.rollback()
    other.close()


def test_the_routing_of_a_call(product, waiting, hanna):
    with held_back("contactcentre_queue", waiting.queue_id):
        presence.choose(hanna, "available")
        product.wait_until(lambda: product.sessions(wait_event_type="Lock"), 10, "a decision was being committed")
        product.kill_worker()
        assert not Offer.objects.exists()
    product.start_worker()
    talk(product, waiting, hanna)
