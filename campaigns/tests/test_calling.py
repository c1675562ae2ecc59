"""Call lists: one agent an entry, consent and hours at the moment of dialling."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from campaigns.models import CallEntry, Campaign
from campaigns.services import calling, segmenting
from contacts.services import consent
from crm.lib.clock import now
from crm.lib.errors import DomainError

RULE = {"match": "all", "terms": [{"attribute": "contacts.source", "op": "is", "value": "test"}]}
NOON_NEW_YORK = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


@pytest.fixture
def noon():
    with time_machine.travel(NOON_NEW_YORK, tick=False) as clock:
        yield clock


@pytest.fixture
def people(noon, party_factory, alice):
    numbers = ["+12125550101", "+12125550102", "+18085550103"]  # the last one in Hawaii, where it is 7 in the morning
    made = [party_factory(first_name=f"N{n}", last_name="B", phones=[number]) for n, number in enumerate(numbers)]
    for party in made:
        consent.grant(actor=alice, party=party, channel="phone", purpose="marketing")
    return made


@pytest.fixture
def campaign(dana, people):
    segment = segmenting.save(actor=dana, name="All", rule=RULE)
    made = Campaign.objects.create(name="Round", kind="call", segment=segment, owner=dana)
    assert calling.start(made, actor=dana) == 3
    return made


def test_each_entry_has_one_agent_and_early_zones_wait(campaign, hanna, sam):
    first, second = calling.claim_next(campaign, hanna), calling.claim_next(campaign, sam)
    assert first.pk != second.pk
    assert calling.claim_next(campaign, sam) is None
    hawaii = campaign.entries.get(contact__first_name="N2")
    assert hawaii.not_before == datetime(2026, 11, 24, 18, 0, tzinfo=UTC), "8 in the morning in Hawaii"
    assert hawaii.state == "ready"


def test_who_said_no_meanwhile_is_left_out_with_the_reason(campaign, hanna, alice, people):
    consent.withdraw(actor=alice, party=people[0], channel="phone", purpose="marketing")
    assert calling.claim_next(campaign, hanna).contact == people[1]
    entry = campaign.entries.get(contact=people[0])
    assert (entry.state, entry.reason) == ("skipped", "Said no")


def test_no_answer_comes_again_until_the_third_time(campaign, hanna, noon):
    first = calling.claim_next(campaign, hanna)
    for attempt in (1, 2, 3):
        done = calling.record_outcome(first, actor=hanna, outcome="no_answer")
        assert done.attempts == attempt
        if attempt < 3:
            assert done.state == "callback"
            assert done.not_before == now() + calling.AGAIN
            CallEntry.objects.filter(pk=first.pk).update(state="reserved", agent=hanna)
    assert done.state == "done"


def test_do_not_call_is_written_into_the_ledger(campaign, hanna, people):
    entry = calling.claim_next(campaign, hanna)
    calling.record_outcome(entry, actor=hanna, outcome="do_not_call", note="Asked politely")
    assert not consent.may_contact(people[0], "phone", "marketing").allowed


def test_a_call_back_needs_a_time_and_keeps_it(campaign, hanna):
    entry = calling.claim_next(campaign, hanna)
    with pytest.raises(DomainError, match="when"):
        calling.record_outcome(entry, actor=hanna, outcome="callback")
    later = now() + timedelta(days=1)
    assert calling.record_outcome(entry, actor=hanna, outcome="callback", callback_at=later).not_before == later
    with pytest.raises(DomainError, match="not in your hands"):
        calling.record_outcome(entry, actor=hanna, outcome="interested")


def test_a_paused_list_gives_nobody_and_what_was_left_in_hand_comes_back(campaign, hanna, dana, noon):
    calling.claim_next(campaign, hanna)
    calling.pause(campaign, actor=dana)
    assert calling.claim_next(campaign, dana) is None
    calling.resume(campaign, actor=dana)
    noon.shift(calling.LEASE + timedelta(minutes=1))
    assert calling.release_stale() == 1
    assert CallEntry.objects.filter(state="reserved").count() == 0


def test_an_agent_works_through_it_in_the_browser(client, login, campaign, hanna):
    login(client, hanna)
    url = reverse("campaigns:work", args=[campaign.pk])
    assert "Next customer" in client.get(url).content.decode()
    assert client.post(url).status_code == 303
    page = client.get(url).content.decode()
    assert "N0 B" in page
    entry = calling.present(campaign, hanna)
    wrong = client.post(reverse("campaigns:outcome", args=[entry.pk]), {"outcome": "callback"})
    assert wrong.status_code == 422
    client.post(reverse("campaigns:outcome", args=[entry.pk]), {"outcome": "interested", "note": "Send a sample"})
    entry.refresh_from_db()
    assert (entry.state, entry.outcome, entry.note) == ("done", "interested", "Send a sample")
    assert "N1 B" in client.get(url).content.decode()
