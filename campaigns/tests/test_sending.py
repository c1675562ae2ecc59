"""Mail campaigns: real mail, consent at the moment of sending, one click off, a worker that dies."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.models import Campaign, Send
from campaigns.services import segmenting, sending
from contacts.models import Consent, Touchpoint
from contacts.services import consent
from crm.jobs import services as jobs
from crm.lib.errors import DomainError, StaleState

RULE = {"match": "all", "terms": [{"attribute": "contacts.source", "op": "is", "value": "test"}]}


@pytest.fixture
def people(party_factory, alice):
    made = [
        party_factory(first_name=f"N{n}", last_name="Buyer", emails=[f"n{n}@example.org"] if n != 3 else [])
        for n in range(5)
    ]
    for party in made[:4]:
        consent.grant(actor=alice, party=party, channel="email", purpose="marketing", proof="Form")
    return made


@pytest.fixture
def campaign(dana, people):
    segment = segmenting.save(actor=dana, name="All", rule=RULE)
    return Campaign.objects.create(
        name="Spring", segment=segment, owner=dana, subject="Hello {first_name}",
        body="Dear {name},\n\nin {contacts.city|your town} <b>we</b> roast.",
    )  # fmt: skip


def states(campaign):
    return dict(campaign.sends.values_list("contact__first_name", "state"))


def test_the_foot_of_a_mail_speaks_the_customers_language(campaign, dana, people, smtp):
    people[0].language = "de"
    people[0].save(update_fields=["language"])
    with translation.override("de"):  # of who starts it: nothing of that goes into the mails
        job = sending.start(campaign, actor=dana)
    jobs.run(job.pk)
    texts = {mail["To"]: mail.get_payload()[0].get_payload(decode=True).decode() for mail in smtp.mails}
    assert "weil Sie unserer Werbung zugestimmt haben" in texts["n0@example.org"]
    assert "because you said yes to our offers" in texts["n1@example.org"]
    assert campaign.sends.get(contact=people[3]).reason == "No e-mail address"


def test_who_said_yes_gets_it_once_and_the_others_are_listed(campaign, dana, people, alice, smtp):
    job = sending.start(campaign, actor=dana)
    consent.withdraw(actor=alice, party=people[1], channel="email", purpose="marketing")
    jobs.run(job.pk)
    jobs.run(job.pk)
    assert states(campaign) == {"N0": "sent", "N1": "skipped", "N2": "sent", "N3": "skipped", "N4": "skipped"}
    reasons = dict(campaign.sends.values_list("contact__first_name", "reason"))
    assert (reasons["N1"], reasons["N3"], reasons["N4"]) == ("Said no", "No e-mail address", "Never asked")
    assert [mail["To"] for mail in smtp.mails] == ["n0@example.org", "n2@example.org"]
    first = smtp.mails[0]
    text, html = (part.get_payload(decode=True).decode() for part in first.get_payload())
    assert first["Subject"] == "Hello N0"
    assert "in your town <b>we</b>" in text
    assert "&lt;b&gt;we&lt;/b&gt;" in html
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Touchpoint.objects.filter(kind="campaign-mail").count() == 2
    assert campaign.sends.get(contact=people[0]).consent_id
    campaign.refresh_from_db()
    assert campaign.status == "done"
    with pytest.raises(StaleState):
        sending.start(campaign, actor=dana)


def test_a_worker_killed_while_handing_over_sends_nothing_twice(campaign, dana, people, smtp, monkeypatch):
    job = sending.start(campaign, actor=dana)
    real, calls = sending._hand_over, []

    def dies_after(*args):
        real(*args)
        calls.append(args)
        if len(calls) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(sending, "_hand_over", dies_after)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(job.pk)
    jobs.run(job.pk)
    assert sorted(mail["To"] for mail in smtp.mails) == ["n0@example.org", "n1@example.org", "n2@example.org"]
    assert states(campaign)["N0"] == "in_doubt"


def test_a_server_that_is_away_keeps_all_mails_for_later(campaign, dana, settings, request):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9
    job = sending.start(campaign, actor=dana)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert list(states(campaign).values()).count("ready") == 4
    campaign.refresh_from_db()
    smtp = request.getfixturevalue("smtp")
    clicked_twice = Campaign.objects.select_related("job").get()
    again = sending.go_on(campaign, actor=dana)
    with pytest.raises(DomainError, match="nothing to go on with"):
        sending.go_on(clicked_twice, actor=dana)
    jobs.run(again.pk)
    assert len(smtp.mails) == 3


def test_one_click_takes_off_and_a_look_does_not(campaign, people, client):
    send = Send.objects.create(campaign=campaign, contact=people[0], address="n0@example.org")
    url = sending.unsubscribe_url(send)
    path = url[url.index("/campaigns") :]
    assert client.get(path).status_code == 200
    assert Consent.objects.filter(granted=False).count() == 0, "scanners look at links"
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert strict.post(path).status_code == 200
    assert Consent.objects.filter(party=people[0], granted=False).count() == 1
    assert not consent.may_contact(people[0], "email", "marketing").allowed
    assert client.get(path.replace(path[-8:-1], "forged0")).status_code == 404


def test_a_merge_field_that_does_not_exist_is_told_before_anything_is_sent(campaign, dana, smtp):
    campaign.body = "Dear {nickname}"
    campaign.save()
    with pytest.raises(DomainError, match="nickname"):
        sending.start(campaign, actor=dana)
    assert not Send.objects.exists()


def test_a_test_goes_to_the_person_who_asks(client, login, campaign, dana, smtp):
    login(client, dana)
    assert client.post(reverse("campaigns:test", args=[campaign.pk])).status_code == 303
    assert smtp.mails[0]["To"] == dana.email
    assert not Send.objects.exists()


def test_the_path_in_the_browser(client, login, dana, campaign, smtp):
    login(client, dana)
    form = {"name": "Autumn", "kind": "email", "segment": campaign.segment_id, "mode": "preview"}
    wrong = client.post(reverse("campaigns:create"), {**form, "subject": "", "body": "Hi {nobody}"})
    assert wrong.status_code == 422
    assert "{nobody}" in wrong.content.decode()
    made = client.post(reverse("campaigns:create"), {**form, "subject": "Hi", "body": "Come"})
    url = made["Location"]
    pk = int(url.rstrip("/").rsplit("/", 1)[1])
    assert "5" in client.get(reverse("campaigns:start", args=[pk])).content.decode()
    job_url = client.post(reverse("campaigns:start", args=[pk]))["Location"]
    assert client.get(job_url).status_code == 200
    jobs.run(Campaign.objects.get(pk=pk).job_id)
    listed = client.get(reverse("campaigns:recipients", args=[pk]) + "?state=skipped").content.decode()
    assert "Never asked" in listed
    assert client.post(reverse("campaigns:edit", args=[pk]), {**form, "subject": "x", "body": "y"}).status_code in {
        303,
        422,
    }
    assert Campaign.objects.get(pk=pk).subject == "Hi", "what was sent cannot be changed"
