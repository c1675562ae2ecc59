"""A worker is killed in the middle of an import of orders: no line is lost, none is counted twice."""

from collections import Counter

import pytest

from contacts.models import Party
from contacts.tests.interrupted import begin_import, figures, kill_in_the_middle
from crm.events.models import OutboxEvent
from crm.jobs import services as jobs
from crm.jobs.models import Job
from crm.tests.processes import ask

pytestmark = pytest.mark.slow
ROWS = 15_000


def order_lines(mark):
    """Return a file in which an order's lines lie far apart: every batch goes on with orders of earlier ones."""
    lines = ["customer_id,date,order,sku,qty,amount"]
    for n in range(ROWS):
        order = n % (ROWS // 5)
        day = "never" if n % 499 == 7 else f"2024-0{1 + order % 9}-1{order % 10}"
        lines.append(f"c{order % 200},{day},{mark}-{order},s{n % 40},{1 + n % 3},{n % 90}.{n % 10}5")
    return "\n".join(lines)


ORDERS = """
    SELECT replace(o.number, %s, ''), o.customer_id, o.placed_at, o.total, o.lines_count,
      (SELECT array_agg(row(l.line_no, l.product_id, l.quantity, l.amount)::text ORDER BY l.line_no)
       FROM sales_orderline l WHERE l.order_id = o.id),
      (SELECT string_agg(replace(t.summary, %s, ''), ',') FROM contacts_touchpoint t
       WHERE t.source_type = 'sales.order' AND t.source_id = o.id)
    FROM sales_order o WHERE o.number LIKE %s ORDER BY 1
"""


def test_an_import_of_orders(background, alice):
    buyers = [Party(name=f"B{n}", sort_name=f"b{n}", external_id=f"c{n}", owner=alice) for n in range(200)]
    Party.objects.bulk_create(buyers)
    killed = kill_in_the_middle(background, begin_import(alice, "orders", order_lines("one")))
    smooth = begin_import(alice, "orders", order_lines("two"))
    background.done(smooth.job)
    smooth.refresh_from_db()
    assert figures(killed) == figures(smooth)
    orders = ask(ORDERS, "one", "one", "one-%")
    assert orders == ask(ORDERS, "two", "two", "two-%")
    assert len(orders) == ROWS // 5
    assert killed.created == sum(row[4] for row in orders) == sum(len(row[5]) for row in orders)
    # A worker may also die when all is done but the word of it.
    Job.objects.filter(pk=killed.job_id).update(state="running")
    jobs.wake(killed.job)
    background.done(killed.job)
    assert orders == ask(ORDERS, "one", "one", "one-%")
    told = OutboxEvent.objects.filter(name="OrdersImported").values_list("payload__import_id", flat=True)
    assert Counter(told) == {killed.pk: 1, smooth.pk: 1}
