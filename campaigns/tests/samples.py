"""A segment, a mail campaign, a call campaign with somebody in hand."""

from types import SimpleNamespace
from typing import Any

from campaigns.models import Campaign, Send
from campaigns.services import calling, segmenting, sending
from contacts.services import consent


def arguments(cast: SimpleNamespace) -> dict[str, list[Any]]:
    """Make them for the customer of the room below."""
    rule = {"match": "all", "terms": [{"attribute": "contacts.churn_risk", "op": "gt", "value": "50"}]}
    segment = segmenting.save(actor=cast.dana, name="Restless", rule=rule)
    mail = Campaign.objects.create(
        name="Spring", segment=segment, owner=cast.dana, subject="Hello {first_name}", body="Come and see."
    )
    calls = Campaign.objects.create(name="Ring round", kind="call", segment=segment, owner=cast.dana)
    consent.grant(actor=cast.dana, party=cast.elin, channel="phone", purpose="marketing")
    calling.start(calls, actor=cast.dana)
    entry = calls.entries.get()
    entry.state, entry.agent = "reserved", cast.root
    entry.save()
    send = Send.objects.create(campaign=mail, contact=cast.elin, address="elin@example.org")
    cast.call_campaign, cast.entry = calls, entry
    mails, lists = [mail.pk], [calls.pk]
    return {
        "campaigns:segment": [segment.pk],
        "campaigns:segment_edit": [segment.pk],
        **{f"campaigns:{name}": mails for name in ("campaign", "edit", "start", "test", "recipients")},
        "campaigns:entries": lists,
        "campaigns:work": lists,
        "campaigns:verb": [calls.pk, "pause"],
        "campaigns:outcome": [entry.pk],
        "campaigns:unsubscribe": [sending.unsubscribe_url(send).rstrip("/").rsplit("/", 1)[1]],
    }
