"""A worker is killed in the middle of a mail campaign: nobody gets two mails, nobody is left out."""

from collections import Counter

import pytest

from campaigns.models import Campaign
from campaigns.services import segmenting, sending
from contacts.models import Consent, Touchpoint
from crm.lib.clock import now

pytestmark = pytest.mark.slow


def states(campaign):
    return Counter(campaign.sends.values_list("state", flat=True))


def test_a_mail_campaign(background, smtp, dana, party_factory):
    rule = {"match": "all", "terms": [{"attribute": "contacts.source", "op": "is", "value": "test"}]}
    parties = [party_factory(first_name=f"N{n}", emails=[f"n{n}@example.org"]) for n in range(60)]
    Consent.objects.bulk_create(
        Consent(party=party, channel="email", purpose="marketing", granted=True, basis="express", at=now())
        for party in parties
    )
    segment = segmenting.save(actor=dana, name="All", rule=rule)
    campaign = Campaign.objects.create(name="May", segment=segment, owner=dana, subject="Hi {first_name}", body="Come.")
    smtp.silent_after = 20  # the next mail is in, but the worker never hears of it
    job = sending.start(campaign, actor=dana)
    background.wait_until(lambda: len(smtp.mails) == 21, 30, "a mail was being handed over")
    with background.dead_worker():
        smtp.silent_after = None
        assert states(campaign) == {"sent": 20, "handing": 1, "ready": 39}
    background.done(job)
    assert Counter(mail["To"] for mail in smtp.mails) == {f"n{n}@example.org": 1 for n in range(60)}
    assert states(campaign) == {"sent": 59, "in_doubt": 1}
    assert campaign.sends.get(state="in_doubt").address == smtp.mails[20]["To"]
    assert Touchpoint.objects.filter(kind="campaign-mail").count() == 59
    assert Campaign.objects.get().status == "done"
