"""Customers: who sees them, how they are found, what is written about them."""

import json
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from contacts.models import Party, Touchpoint
from contacts.selectors import find_by_phone
from contacts.services import directory, timeline
from crm.lib.errors import DomainError


@pytest.fixture
def elin(party_factory, alice):
    return party_factory(phones=["+12125550100"], emails=["Elin@Example.org"], external_id="C-77")


def test_the_team_sees_a_customer_and_a_stranger_gets_404(client, login, elin, alice, bob, charlie, dana):
    url = reverse("contacts:record", args=[elin.pk])
    for user, status in ((alice, 200), (bob, 200), (dana, 200), (charlie, 404)):
        login(client, user)
        assert client.get(url).status_code == status, user
    assert client.get(reverse("contacts:edit", args=[elin.pk])).status_code == 404


@pytest.mark.parametrize("words", ["elin", "sand", "c-77", "elin@example.org", "(212) 555-0100"])
def test_a_customer_is_found_by_what_people_type(elin, words):
    assert list(Party.objects.search(words)) == [elin]


def test_a_customer_is_not_found_by_something_else(elin):
    assert not Party.objects.search("nobody").exists()
    assert not Party.objects.search("+49 30 555").exists()


def test_a_number_finds_its_owner_unless_archived(elin, alice):
    assert find_by_phone("+12125550100") == [elin]
    directory.archive(elin, actor=alice)
    assert find_by_phone("+12125550100") == []


def test_a_number_that_is_none_is_refused_with_a_sentence(elin):
    with pytest.raises(DomainError, match="not a telephone number"):
        directory.add_phone(elin, "call me")


def test_a_person_belongs_to_an_account_and_the_account_is_the_customer(alice, elin):
    firm = directory.create_account(actor=alice, name="Hollis")
    directory.update(elin, actor=alice, values={"account": firm})
    elin.refresh_from_db()
    assert elin.customer_id == firm.pk
    timeline.add_note(actor=alice, party=elin, body="Called about the coffee.")
    assert Touchpoint.objects.get().customer_id == firm.pk


def test_a_contact_is_made_in_the_browser(client, login, alice):
    login(client, alice)
    answer = client.post(
        reverse("contacts:create"),
        {"first_name": "Ada", "last_name": "Byron", "phone": "212 555 0188", "email": "ada@example.org",
         "owner": alice.pk, "tags_text": "vip, maths", "city": "Boston"},
    )  # fmt: skip
    made = Party.objects.get(name="Ada Byron")
    assert answer.status_code == 303
    assert answer["Location"] == made.get_absolute_url()
    assert made.phones.get().number == "+12125550188"
    assert {tag.name for tag in made.tags.all()} == {"vip", "maths"}
    page = client.get(made.get_absolute_url()).content.decode()
    assert "Ada Byron" in page
    assert "Boston" in page


def test_a_wrong_form_keeps_what_was_typed(client, login, alice):
    login(client, alice)
    answer = client.post(reverse("contacts:create"), {"first_name": "", "phone": "nine", "email": "x"})
    assert answer.status_code == 422
    assert 'value="nine"' in answer.content.decode()


def test_every_page_of_a_customer_opens(client, login, alice, elin):
    login(client, alice)
    timeline.add_note(actor=alice, party=elin, body="Hello")
    for name in ("record", "edit", "feed", "tasks_panel", "ledger", "consent", "archive"):
        assert client.get(reverse(f"contacts:{name}", args=[elin.pk])).status_code == 200, name
    for name in ("list", "accounts", "create", "create_account", "imports", "import", "duplicates", "export"):
        assert client.get(reverse(f"contacts:{name}")).status_code == 200, name


def test_notes_and_tasks_are_written_on_the_timeline(client, login, alice, elin):
    login(client, alice)
    client.post(reverse("contacts:note", args=[elin.pk]), {"body": "Rang, no answer"})
    client.post(reverse("contacts:task", args=[elin.pk]), {"subject": "Ring again", "due_at": "2027-01-05T09:00"})
    feed = client.get(reverse("contacts:feed", args=[elin.pk])).content.decode()
    assert "Rang, no answer" in feed
    assert "Ring again" in feed
    assert (
        client.post(reverse("contacts:note", args=[elin.pk]), {"body": "  "}, HTTP_HX_REQUEST="true").status_code == 422
    )


def test_a_tick_can_be_taken_back(client, login, alice, elin):
    login(client, alice)
    client.post(reverse("contacts:task", args=[elin.pk]), {"subject": "Ring again", "due_at": "2027-01-05T09:00"})
    task = elin.tasks.get()
    done = client.post(reverse("contacts:task_done", args=[task.pk]), HTTP_HX_REQUEST="true")
    undo = json.loads(done.headers["HX-Trigger"])["toast"]["undo"]
    assert "Nothing is planned" in client.get(reverse("contacts:tasks_panel", args=[elin.pk])).content.decode()
    assert client.post(undo, HTTP_HX_REQUEST="true").status_code == 200
    assert "Ring again" in client.get(reverse("contacts:tasks_panel", args=[elin.pk])).content.decode()


def test_an_export_cannot_run_in_a_spreadsheet(client, login, alice, party_factory):
    party_factory(first_name="=cmd|'/C calc'!A0", last_name="")
    login(client, alice)
    text = b"".join(client.get(reverse("contacts:export")).streaming_content).decode()
    assert "'=cmd" in text


def test_change_history_shows_who_changed_what(client, login, alice, elin):
    login(client, alice)
    form = {"first_name": "Elin", "last_name": "Berg", "phone": "+12125550100", "email": "elin@example.org",
            "owner": alice.pk}  # fmt: skip
    assert client.post(reverse("contacts:edit", args=[elin.pk]), form).status_code == 303
    changes = client.get(reverse("ui:history", args=["contacts.party", elin.pk])).content.decode()
    assert "Berg" in changes
    assert "Alice Tester" in changes


def test_what_is_written_down_later_does_not_turn_the_last_contact_back(elin, alice):
    for at in ("2026-05-02T10:00Z", "2026-03-01T10:00Z"):
        moment = datetime.fromisoformat(at)
        timeline.record(
            customer_id=elin.customer_id, kind="call", channel="call", direction="in", summary="Called", at=moment
        )
    elin.refresh_from_db()
    assert elin.last_touch_at == datetime(2026, 5, 2, 10, tzinfo=UTC)
