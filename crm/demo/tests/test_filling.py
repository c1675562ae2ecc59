"""Customers by the thousand: whole, and with everything that services keep true."""

from datetime import timedelta

from django.db import connection
from django.db.models import Count, F, Max, Q, Sum
from django.test import TestCase

from analytics.models import RevenueDay
from contacts.models import Email, Party, Phone, Score, Touchpoint
from contacts.selectors import find_by_phone
from crm.demo import filling, loading
from crm.demo.invent import Numbers
from crm.lib import phones
from crm.lib.clock import now
from sales.models import Opportunity, Order, OrderLine
from service.models import Ticket

SIZE = 300
SHAPE = """
    SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() ORDER BY 1
"""


def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


class FilledTest(TestCase):
    """Filling takes a second: these look at one and the same database."""

    @classmethod
    def setUpTestData(cls):
        filling.fill(SIZE, 7, say=lambda text: None)

    def test_so_many_customers_with_their_history(self):
        assert Party.objects.customers().count() == SIZE
        assert 7 < OrderLine.objects.count() / SIZE < 13
        people = Party.objects.people()
        assert people.filter(phones=None).count() == 0
        assert people.values("phones__number").distinct().count() == people.count()
        assert Email.objects.exclude(address_lower=F("address")).count() == 0
        assert Opportunity.objects.filter(status="open").exists()
        assert Ticket.objects.exclude(status="closed").exists()

    def test_orders_add_up_and_lie_on_the_timeline(self):
        orders = Order.objects.annotate(sum=Sum("lines__amount"), n=Count("lines"))
        assert orders.filter(~Q(total=F("sum")) | ~Q(lines_count=F("n"))).count() == 0
        told = Touchpoint.objects.filter(kind="order")
        assert set(told.values_list("source_id", "at", "customer_id", "contact_id")) == set(
            Order.objects.values_list("pk", "placed_at", "customer_id", "contact_id")
        )
        days = RevenueDay.objects.aggregate(n=Sum("orders"), total=Sum("total"))
        assert days == Order.objects.aggregate(n=Count("pk"), total=Sum("total"))
        last = Order.objects.order_by("placed_at").last().placed_at
        assert timedelta(0) < now() - last < timedelta(days=3)

    def test_what_services_keep_true_is_true(self):
        spoken = Touchpoint.objects.exclude(direction="internal").values("customer_id")
        touched = Party.objects.customers().exclude(last_touch_at=None)
        assert dict(touched.values_list("pk", "last_touch_at")) == dict(
            spoken.annotate(last=Max("at")).values_list("customer_id", "last")
        )
        for touchpoint in Touchpoint.objects.exclude(url="").order_by("source_type", "pk").distinct("source_type"):
            model = {"sales.order": Order, "sales.opportunity": Opportunity, "service.ticket": Ticket}
            assert (
                model[touchpoint.source_type].objects.get(pk=touchpoint.source_id).get_absolute_url() == touchpoint.url
            )
        ranks = list(Opportunity.objects.values_list("rank", flat=True))
        assert len(set(ranks)) == len(ranks)
        assert Party.pgh_event_model.objects.count() == Party.objects.count()

    def test_a_caller_is_known(self):
        for phone in Phone.objects.select_related("party")[:50]:
            number = str(phone.number)
            assert phones.parse(number) == number
            assert [party.pk for party in find_by_phone(number)] == [phone.party_id]

    def test_everybody_is_scored(self):
        assert Score.objects.filter(kind="lifetime_value").count() == SIZE
        assert Score.objects.filter(kind="churn", state="ok").exists()


def test_indexes_and_foreign_keys_come_back(db):
    before = ask(SHAPE)
    with loading.bare_tables(*filling.TABLES):
        assert len(ask(SHAPE)) < len(before) - 50
    assert ask(SHAPE) == before


def test_numbers_go_on_where_those_for_fiction_end():
    numbers = Numbers()
    given = [numbers.next(0) for _ in range(120)]
    assert given[0] == "+12125550100"
    assert given[100] == "+13702000000"
    assert len(set(given)) == 120
    assert all(phones.parse(number) == number for number in given)
