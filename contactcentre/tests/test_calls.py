"""An agent's call from ring to wrap-up, as the services and pages do it; the carrier's side is in test_product."""

from datetime import timedelta

import pytest
from django.urls import reverse

from contactcentre.models import Call, Disposition, Offer
from contactcentre.services import calling, presence, routing, watch, wrapup
from contacts.models import Consent, Touchpoint
from contacts.services import consent
from crm.events.models import Effect
from crm.lib.clock import now
from crm.lib.errors import DomainError, StaleState


@pytest.fixture
def ringing(caller, scored, available, hanna):
    call = caller(scored(value=0.9, churn=0.7, first_name="Gérard", last_name="Fontaine"), waited=30)
    available(hanna)
    routing.route()
    call.refresh_from_db()
    return call


@pytest.fixture
def talking(ringing, hanna):
    calling.answer(ringing, actor=hanna)
    calling.joined(Call.objects.get(pk=ringing.pk), "caller")
    return Call.objects.get(pk=ringing.pk)


def solved():
    return Disposition.objects.get(name="Solved")


def test_a_ring_has_one_agent_and_asks_the_carrier_once(ringing, hanna):
    assert ringing.status == "offered"
    assert presence.agent_of(hanna).state == "offered"
    assert Effect.objects.filter(kind="voice.ring").count() == 1
    with pytest.raises(StaleState):
        calling.answer(ringing, actor=presence.agent_of(hanna).user.__class__.objects.get(email="sam@rapport.example"))


def test_from_answer_to_wrap_up_onto_the_timeline(talking, hanna):
    assert talking.status == "talking"
    with pytest.raises(DomainError, match="Hang up first"):
        wrapup.finish(talking, actor=hanna, disposition=solved(), notes="")
    calling.hang_up(talking, actor=hanna)
    assert presence.agent_of(hanna).state == "wrap_up"
    wrapup.finish(talking, actor=hanna, disposition=solved(), notes="New wand sent.")
    touch = Touchpoint.objects.get(kind="call")
    assert touch.customer == talking.customer
    assert "Solved" in touch.summary
    assert touch.body == "New wand sent."
    assert presence.agent_of(hanna).state == "available"
    with pytest.raises(DomainError, match="already"):
        wrapup.finish(talking, actor=hanna, disposition=solved(), notes="again")


def test_a_break_asked_for_during_a_call_begins_after_it(talking, hanna):
    presence.choose(hanna, "break")
    assert presence.agent_of(hanna).state == "busy"
    calling.hang_up(talking, actor=hanna)
    wrapup.finish(talking, actor=hanna, disposition=solved(), notes="")
    assert presence.agent_of(hanna).state == "break"


def test_a_caller_who_gives_up_is_written_down_and_the_agent_is_free(ringing, hanna):
    calling.end(ringing, result="abandoned")
    assert presence.agent_of(hanna).state == "available"
    touch = Touchpoint.objects.get(kind="call-missed")
    assert "30 seconds" in touch.summary
    assert not calling.end(ringing), "the end comes twice"


def test_an_offer_nobody_takes_goes_back_and_its_agent_on_a_break(ringing, hanna):
    long_ago = now() - timedelta(seconds=40)
    Offer.objects.update(at=long_ago)
    Effect.objects.filter(kind="voice.ring").update(state="done", done_at=long_ago)
    assert watch.sweep()["missed"] == 1
    ringing.refresh_from_db()
    assert ringing.status == "queued"
    assert presence.agent_of(hanna).state == "break"


def test_a_telephone_that_never_rang_was_not_missed(ringing, hanna):
    Offer.objects.update(at=now() - timedelta(seconds=40))
    watch.sweep()
    assert [offer.state for offer in Offer.objects.order_by("pk")] == ["withdrawn", "ringing"]
    assert presence.agent_of(hanna).state == "offered"


def test_a_telephone_that_began_to_ring_late_may_ring_on(ringing):
    Offer.objects.update(at=now() - timedelta(seconds=40))
    Effect.objects.filter(kind="voice.ring").update(state="done", done_at=now() - timedelta(seconds=3))
    watch.sweep()
    assert Offer.objects.get().state == "ringing"


def test_the_console_shows_what_matters_and_its_verbs_work(client, login, ringing, hanna):
    login(client, hanna)
    page = client.get(reverse("contactcentre:console")).content.decode()
    for words in ("Gérard Fontaine", "Churn risk", "70%", "Answer", "Ringing"):
        assert words in page, words
    queue = client.get(reverse("contactcentre:console"), {"part": "queue"}).content.decode()
    assert "Rings with you" in queue
    answer = client.post(reverse("contactcentre:verb", args=[ringing.pk, "answer"]), HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    assert Call.objects.get(pk=ringing.pk).status == "connecting"
    gone = client.post(reverse("contactcentre:verb", args=[ringing.pk, "answer"]), HTTP_HX_REQUEST="true")
    assert gone.status_code == 422
    assert client.post(reverse("contactcentre:verb", args=[ringing.pk, "explode"])).status_code == 404


def test_notes_are_kept_as_they_are_typed_and_stay_through_a_refresh(client, login, talking, hanna):
    login(client, hanna)
    client.post(reverse("contactcentre:notes", args=[talking.pk]), {"notes": "Wants <b>a</b> date"})
    page = client.get(reverse("contactcentre:console")).content.decode()
    assert "Wants &lt;b&gt;a&lt;/b&gt; date" in page
    part = {"part": "call", "notes_of": talking.pk}
    again = client.get(reverse("contactcentre:console"), part, HTTP_HX_REQUEST="true").content.decode()
    assert "Wants" not in again, "the notes being typed are not sent over"


def test_a_call_becomes_ticket_and_opportunity_linked_to_it(client, login, talking, hanna):
    login(client, hanna)
    values = {"subject": "Wand leaks", "description": "Since Monday", "priority": "high"}
    assert client.post(reverse("contactcentre:ticket", args=[talking.pk]), values).status_code == 303
    values = {"name": "Second machine", "value": "4200"}
    assert client.post(reverse("contactcentre:opportunity", args=[talking.pk]), values).status_code == 303
    page = client.get(reverse("contactcentre:call", args=[talking.pk])).content.decode()
    assert "Wand leaks" in page
    assert "Second machine" in page
    ticket = talking.customer.tickets.get()
    assert reverse("contactcentre:call", args=[talking.pk]) in client.get(ticket.get_absolute_url()).content.decode()


def test_an_unknown_caller_becomes_a_contact_while_talking(client, login, caller, available, hanna):
    call = caller(number="+13125550142")
    available(hanna)
    routing.route()
    login(client, hanna)
    assert "Nobody is known by this number" in client.get(reverse("contactcentre:console")).content.decode()
    with_no_customer = client.post(reverse("contactcentre:ticket", args=[call.pk]), {"subject": "x", "priority": "low"})
    assert with_no_customer.status_code in {303, 422}
    wrong = client.post(reverse("contactcentre:new_contact", args=[call.pk]), {"email": "x@example.org"})
    assert wrong.status_code == 422
    client.post(reverse("contactcentre:new_contact", args=[call.pk]), {"first_name": "Nia", "last_name": "Ek"})
    call.refresh_from_db()
    assert call.contact.name == "Nia Ek"
    assert [str(phone.number) for phone in call.contact.phones.all()] == ["+13125550142"]


def test_a_shared_number_asks_who_it_is(client, login, caller, available, hanna, party_factory):
    for name in ("Ada", "Bea"):
        party_factory(first_name=name, last_name="Shared", phones=["+13125550143"])
    call = caller(number="+13125550143")
    available(hanna)
    routing.route()
    login(client, hanna)
    page = client.get(reverse("contactcentre:console")).content.decode()
    assert "More than one customer" in page
    assert "Ada Shared" in page
    found = client.get(reverse("contactcentre:link", args=[call.pk]), {"q": "Bea"}).content.decode()
    assert "Bea Shared" in found
    bea = call.__class__._meta.get_field("contact").related_model.objects.get(first_name="Bea")
    client.post(reverse("contactcentre:link", args=[call.pk]), {"party": bea.pk})
    call.refresh_from_db()
    assert call.contact == bea


def test_others_calls_are_nobodys_business(client, login, talking, sam, charlie):
    login(client, sam)
    assert client.post(reverse("contactcentre:verb", args=[talking.pk, "hold"])).status_code == 404
    login(client, charlie)
    assert client.get(reverse("contactcentre:call", args=[talking.pk])).status_code == 404


def test_dialling_respects_a_no_and_wrong_numbers(client, login, hanna, centre, party_factory):
    login(client, hanna)
    party = party_factory(phones=["+13125550144"])
    url = reverse("contactcentre:dial")
    assert client.post(url, {"number": "no number"}, HTTP_HX_REQUEST="true").status_code == 422
    consent.withdraw(actor=hanna, party=party, channel="phone", purpose="service")
    refused = client.post(url, {"number": "+13125550144", "party": party.pk}, HTTP_HX_REQUEST="true")
    assert refused.status_code == 422
    assert "may not be called" in refused.headers["HX-Trigger"]
    Consent.objects.all().delete()
    assert client.post(url, {"number": "+13125550144", "party": party.pk}).status_code == 303
    call = Call.objects.get()
    assert (call.direction, call.contact, call.status) == ("out", party, "connecting")
    twice = client.post(url, {"number": "+13125550145"}, HTTP_HX_REQUEST="true")
    assert "call in hand" in twice.headers["HX-Trigger"]
