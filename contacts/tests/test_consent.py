"""The one gate that every send and dial passes."""

from datetime import timedelta

import pytest

from contacts.services import consent, directory
from crm.lib.clock import now


@pytest.fixture
def elin(party_factory):
    return party_factory()


def test_offers_need_a_yes_and_service_does_not(elin):
    assert not consent.may_contact(elin, "email", "marketing").allowed
    assert consent.may_contact(elin, "email", "service").allowed


def test_the_newest_line_counts_and_names_itself(elin, alice):
    line = consent.grant(actor=alice, party=elin, channel="email", purpose="marketing", proof="Form of 3 May")
    verdict = consent.may_contact(elin, "email", "marketing")
    assert verdict.allowed
    assert verdict.consent_id == line.pk
    consent.withdraw(actor=alice, party=elin, channel="email", purpose="marketing")
    assert not consent.may_contact(elin, "email", "marketing").allowed
    assert consent.may_contact(elin, "email", "marketing", at=line.at).allowed, "what was true then stays true"


def test_consent_for_one_channel_says_nothing_of_another(elin, alice):
    consent.grant(actor=alice, party=elin, channel="email", purpose="marketing")
    assert not consent.may_contact(elin, "phone", "marketing").allowed


def test_a_consent_ends(elin, alice):
    consent.grant(actor=alice, party=elin, channel="phone", purpose="marketing", expires_at=now() + timedelta(days=1))
    assert consent.may_contact(elin, "phone", "marketing").allowed
    assert not consent.may_contact(elin, "phone", "marketing", at=now() + timedelta(days=2)).allowed


def test_nobody_archived_is_contacted(elin, alice):
    consent.grant(actor=alice, party=elin, channel="email", purpose="marketing")
    directory.archive(elin, actor=alice)
    assert not consent.may_contact(elin, "email", "marketing").allowed
