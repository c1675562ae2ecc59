"""Tickets: due in business hours, answered by real mail, solved once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from contacts.models import Touchpoint
from crm.events import effects
from crm.events.models import Effect
from crm.lib.clock import now
from crm.lib.errors import DomainError, StaleState
from service.models import Calendar, Ticket, TicketMessage
from service.services import casework, sla

FRIDAY_EVENING = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)  # 17:30 in New York


@pytest.fixture
def elin(party_factory):
    return party_factory(emails=["elin@example.org"])


@pytest.fixture
def ticket(alice, elin):
    return casework.open_ticket(
        actor=alice, subject="Wand", customer=elin, contact=elin, description="Drips", owner=alice
    )


def test_due_times_pass_over_the_weekend_and_a_holiday(db):
    calendar = Calendar.objects.get()
    calendar.holidays = ["2026-11-30"]
    calendar.save()
    first, resolution = sla.due("high", FRIDAY_EVENING)
    assert first.isoformat() == "2026-12-01T13:30:00+00:00", "half an hour on Friday, Monday is a holiday"
    assert resolution.isoformat() == "2026-12-01T20:30:00+00:00"


def test_waiting_for_the_customer_stops_the_clock(alice, elin):
    with time_machine.travel(datetime(2026, 11, 24, 15, 0, tzinfo=UTC)) as clock:
        ticket = casework.open_ticket(actor=alice, subject="Wand", customer=elin, priority="urgent")
        due = ticket.resolution_due
        casework.move(ticket, actor=alice, to="waiting")
        clock.shift(timedelta(hours=2))
        casework.move(ticket, actor=alice, to="open")
    assert abs(ticket.resolution_due - due - timedelta(hours=2)) < timedelta(seconds=1)


def test_an_answer_is_a_real_mail_in_a_thread_and_is_sent_once(alice, ticket, smtp):
    for text in ("On our way.", "Arrived."):
        casework.reply(ticket, actor=alice, body=text)
    for row in Effect.objects.order_by("pk"):
        effects.run(row.pk)
        effects.run(row.pk)
    first, second = smtp.mails
    assert first["To"] == "elin@example.org"
    assert first["Subject"] == f"[T-{ticket.pk}] Wand"
    assert second["In-Reply-To"] == first["Message-ID"]
    assert {message.state for message in TicketMessage.objects.filter(kind="reply")} == {"sent"}
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert ticket.first_responded_at


def test_a_server_that_is_away_is_shown_and_tried_again(alice, ticket, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9
    casework.reply(ticket, actor=alice, body="On our way.")
    effects.run(Effect.objects.get().pk)
    message = TicketMessage.objects.get(kind="reply")
    assert message.state == "failed"
    assert "refused" in message.error
    assert Effect.objects.get().state == "ready"


def test_without_an_address_nothing_is_written(alice, party_factory):
    ticket = casework.open_ticket(actor=alice, subject="Wand", customer=party_factory())
    with pytest.raises(DomainError, match="no e-mail address"):
        casework.reply(ticket, actor=alice, body="Hello")
    assert not TicketMessage.objects.exists()


def test_a_wrong_step_is_refused_and_the_second_is_told(alice, bob, ticket):
    other = Ticket.objects.get(pk=ticket.pk)
    casework.move(ticket, actor=alice, to="resolved")
    assert ticket.resolved_at
    with pytest.raises(StaleState):
        casework.move(other, actor=bob, to="waiting")
    with pytest.raises(DomainError, match="cannot become"):
        casework.move(ticket, actor=alice, to="waiting")
    casework.move(ticket, actor=alice, to="open")
    assert ticket.resolved_at is None


def test_every_step_is_on_the_customers_timeline(alice, ticket):
    casework.reply(ticket, actor=alice, body="On our way.")
    casework.move(ticket, actor=alice, to="resolved")
    kinds = list(Touchpoint.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["ticket-opened", "ticket-reply", "ticket-resolved"]


def test_a_ticket_in_the_browser(client, login, alice, charlie, elin):
    login(client, alice)
    form = {"customer": elin.name, "subject": "Grinder", "priority": "high", "owner": alice.pk, "description": "Loud"}
    answer = client.post(reverse("service:create"), form)
    ticket = Ticket.objects.get()
    assert answer["Location"] == ticket.get_absolute_url()
    client.post(reverse("service:say", args=[ticket.pk]), {"kind": "note", "body": "Look at the burrs"})
    client.post(reverse("service:say", args=[ticket.pk]), {"kind": "reply", "body": "We come"})
    client.post(reverse("service:move", args=[ticket.pk, "resolved"]))
    page = client.get(ticket.get_absolute_url()).content.decode()
    for words in ("Grinder", "Loud", "Look at the burrs", "We come", "Resolved", "On its way"):
        assert words in page
    login(client, charlie)
    assert client.get(ticket.get_absolute_url()).status_code == 404
    assert client.post(reverse("service:move", args=[ticket.pk, "open"])).status_code == 404


def test_the_list_shows_what_is_late(client, login, alice, ticket):
    Ticket.objects.update(resolution_due=now() - timedelta(hours=1))
    login(client, alice)
    assert "Wand" in client.get(reverse("service:list") + "?view=overdue").content.decode()
    casework.move(ticket, actor=alice, to="resolved")
    assert "Wand" not in client.get(reverse("service:list")).content.decode()
    assert "Wand" in client.get(reverse("service:list") + f"?q=T-{ticket.pk}").content.decode()
