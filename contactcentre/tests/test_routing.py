"""Whose call comes first, and to whom."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from contactcentre.models import Agent, Call, Offer, RoutingDecision, Skill
from contactcentre.services import presence, routing
from crm.lib.clock import now


def offered():
    return [offer.call_id for offer in Offer.objects.order_by("pk")]


def test_the_more_valuable_and_restless_customer_comes_first(caller, scored, available, hanna):
    plain, dear = caller(scored(value=0.2, churn=0.1)), caller(scored(value=0.95, churn=0.8))
    available(hanna)
    assert routing.route() == 1
    assert offered() == [dear.pk]
    decision = RoutingDecision.objects.get()
    assert decision.waiting == 2
    assert decision.terms["value"] == pytest.approx(23.8)
    assert decision.terms["risk"] == pytest.approx(16.0)
    plain.refresh_from_db()
    assert plain.status == "queued"


def test_nobody_waits_past_the_limit_while_others_are_taken(caller, scored, available, hanna, centre):
    patient = caller(scored(value=0.0, churn=0.0), waited=centre.service.max_wait_seconds + 1)
    caller(scored(value=1.0, churn=1.0), waited=200)
    available(hanna)
    routing.route()
    assert offered() == [patient.pk]
    assert RoutingDecision.objects.get().terms["floor"] is True


def test_of_two_past_the_limit_the_longer_wait_is_first(caller, scored, available, hanna):
    caller(scored(value=1.0, churn=1.0), waited=300)
    longest = caller(waited=400)
    available(hanna)
    routing.route()
    assert offered() == [longest.pk]


def test_only_who_has_the_skill_is_asked(caller, available, hanna, sam, centre):
    Agent.objects.get(user=hanna).skills.set([Skill.objects.get(name="Sales")])
    call = caller(queue=centre.service)
    available(hanna)
    assert routing.route() == 0
    available(sam)
    assert routing.route() == 1
    call.refresh_from_db()
    assert call.agent == sam


def test_the_agent_who_is_idle_longest_is_asked(caller, available, hanna, sam):
    available(sam)
    with time_machine.travel(now() + timedelta(seconds=5)):
        available(hanna)
        call = caller()
        routing.route()
    call.refresh_from_db()
    assert call.agent == sam


def test_a_declined_call_keeps_its_place_and_goes_to_the_next(caller, available, hanna, sam):
    from contactcentre.services import calling

    call = caller(waited=60)
    before = call.queued_at
    available(hanna)
    routing.route()
    call.refresh_from_db()
    calling.decline(call, actor=hanna)
    call.refresh_from_db()
    assert (call.status, call.queued_at, call.agent) == ("queued", before, None)
    assert presence.agent_of(hanna).state == "break"
    available(sam)
    routing.route()
    call.refresh_from_db()
    assert call.agent == sam


def test_an_agent_set_free_by_hand_while_a_call_rings_is_not_asked_again(caller, available, hanna, sam):
    caller(waited=60)
    second = caller()
    available(hanna)
    routing.route()
    Agent.objects.filter(user=hanna).update(state="available")
    assert routing.route() == 0, "it ends"
    available(sam)
    assert routing.route() == 1
    second.refresh_from_db()
    assert second.agent == sam


@pytest.mark.django_db(transaction=True)
def test_many_routers_at_once_give_no_call_and_no_agent_twice(caller, available, hanna, sam):
    for _n in range(6):
        caller()
    available(hanna, sam)
    failures = []

    def work():
        try:
            routing.route()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Offer.objects.filter(state="ringing").count() == 2
    assert Offer.objects.filter(state="ringing").values("agent").distinct().count() == 2
    assert Call.objects.filter(status="offered").count() == 2
