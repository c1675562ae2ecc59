"""The demo company: everybody is there, nothing looks empty, and nothing of its past leaves the house."""

from itertools import pairwise

from django.conf import settings
from django.db.models import F, Max
from django.test import Client, TestCase
from django.urls import reverse

from analytics.models import ScoreRun
from campaigns.models import Campaign, Segment
from campaigns.services import segmenting
from contactcentre.models import Agent, Call
from contacts.models import Consent, Party, Phone, Task, Touchpoint
from crm.accounts.models import User
from crm.demo import founding, staff
from crm.embedded.dev import PEOPLE
from crm.events.models import Effect, OutboxEvent
from crm.lib.clock import now
from sales.models import Opportunity, OrderLine
from service.models import Ticket, TicketMessage

HOUSEHOLDS = 120


class CompanyTest(TestCase):
    """Founding takes seconds: these look at one and the same company."""

    @classmethod
    def setUpTestData(cls):
        founding.found(households=HOUSEHOLDS, say=lambda text: None)

    def test_everybody_bin_dev_names_can_sign_in(self):
        for address, _role in PEOPLE:
            client = Client()
            answer = client.post(reverse("account_login"), {"login": address, "password": settings.DEMO_PASSWORD})
            assert answer.status_code == 302, address
            assert client.session["_auth_user_id"] == str(User.objects.get(email=address).pk)

    def test_roles_teams_and_agents(self):
        assert {person.role.key for person in User.objects.exclude(role=None)} == {
            "admin", "manager", "supervisor", "rep", "agent",
        }  # fmt: skip
        assert User.objects.filter(team__parent__parent__name="Company").exists()
        agents = Agent.objects.exclude(skills=None).distinct().count()
        assert agents == len([one for one in staff.STAFF if one[3] == "agent"])

    def test_every_household_is_a_customer_with_all_its_purchases(self):
        assert Party.objects.customers().count() == HOUSEHOLDS
        assert OrderLine.objects.count() > 300 * HOUSEHOLDS
        assert Phone.objects.values("number").distinct().count() == Phone.objects.count()
        said_yes = Consent.objects.filter(granted=True, channel="phone").values("party").distinct().count()
        assert said_yes > Party.objects.people().count() / 2

    def test_the_boards_and_lists_show_something(self):
        assert set(Opportunity.objects.values_list("status", flat=True)) == {"open", "won", "lost"}
        assert Opportunity.objects.filter(status="open").values("stage").distinct().count() == 4
        assert set(Ticket.objects.values_list("status", flat=True)) == {"new", "open", "waiting", "resolved", "closed"}
        assert set(Call.objects.values_list("result", flat=True)) >= {"answered", "abandoned"}
        assert Call.objects.alive().count() == 0
        assert Call.objects.exclude(disposition=None).exists()
        assert Task.objects.filter(done_at=None).exists()
        assert {"call", "order", "ticket-opened", "opportunity-won"} <= set(
            Touchpoint.objects.values_list("kind", flat=True)
        )
        assert ScoreRun.objects.get().state == "done"

    def test_campaigns_wait_to_be_started(self):
        assert {(row.kind, row.status) for row in Campaign.objects.all()} == {("email", "draft"), ("call", "draft")}
        assert Campaign.objects.get(kind="call").mode == "progressive"
        for segment in Segment.objects.all():
            assert segmenting.count(segment.rule) == segment.count_cached

    def test_the_past_lies_in_the_past(self):
        assert Touchpoint.objects.filter(at__gt=now()).count() == 0
        assert Ticket.objects.filter(created_at__gt=F("first_responded_at")).count() == 0
        assert Ticket.objects.filter(resolved_at__lt=F("created_at")).count() == 0
        assert Opportunity.objects.filter(closed_at__lt=F("created_at")).count() == 0
        spoken = Touchpoint.objects.exclude(direction="internal").values("customer_id")
        last = dict(spoken.annotate(last=Max("at")).values_list("customer_id", "last"))
        assert dict(Party.objects.filter(pk__in=last).values_list("pk", "last_touch_at")) == last

    def test_nobody_talks_to_two_at_once(self):
        for agent in Agent.objects.all():
            calls = list(Call.objects.filter(agent=agent.user).order_by("started_at"))
            assert all(one.wrapped_up_at <= two.started_at for one, two in pairwise(calls))

    def test_nothing_of_it_leaves_or_is_told(self):
        assert Effect.objects.exclude(state="done").count() == 0
        assert OutboxEvent.objects.filter(delivered_at=None).count() == 0
        assert TicketMessage.objects.filter(state="queued").count() == 0
