"""Orders: by hand, and out of files."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from djmoney.money import Money

from contacts.models import Party, Touchpoint
from contacts.services import importing
from crm.jobs import services as jobs
from crm.lib.errors import DomainError
from sales.models import Order, OrderLine, Product
from sales.services import importing_orders, ordering

FILE = """order;customer;date;sku;qty;amount
A-1;C-1;2026-03-01;B-1;2;24,00
A-1;C-1;2026-03-01;B-2;1;5,50
A-2;C-1;02.03.2026;B-1;-1;-12,00
A-3;C-9;2026-03-01;B-1;1;1,00
A-4;C-1;someday;B-1;1;1,00
A-5;C-1;2026-03-05;B-1;one;1,00
;C-1;2026-03-07;;;9.99
"""


@pytest.fixture
def elin(party_factory):
    return party_factory(external_id="C-1")


def take_in(actor, text, mapping=None):
    batch = importing.upload(actor=actor, kind="orders", file=SimpleUploadedFile("o.csv", text.encode()))
    importing.choose_columns(batch, actor=actor, mapping=mapping or batch.mapping, policy="fill")
    jobs.run(importing.start(batch, actor=actor).pk)
    batch.refresh_from_db()
    return batch


def test_rows_become_orders_lines_and_products(alice, elin):
    batch = take_in(alice, FILE)
    assert (batch.state, batch.created, batch.refused) == ("done", 4, 3)
    totals = dict(Order.objects.values_list("number", "total"))
    assert totals == {"A-1": Decimal("29.50"), "A-2": Decimal("-12.00"), "C-1/2026-03-07": Decimal("9.99")}
    assert OrderLine.objects.get(order__number="A-2").quantity == -1, "a return is negative"
    assert Product.objects.count() == 2
    reasons = [row.reason for row in batch.refusals.order_by("line")]
    assert reasons == [
        "No customer has the number “C-9”.", "“someday” is not a date.", "“one” is not a quantity.",
    ]  # fmt: skip
    assert Touchpoint.objects.filter(kind="order").count() == 3


def test_the_same_file_again_changes_nothing(alice, elin):
    take_in(alice, FILE)
    again = take_in(alice, FILE)
    assert again.created == 0
    assert "is here already" in again.refusals.order_by("line").first().reason
    assert OrderLine.objects.count() == 4


def test_an_order_that_crosses_batches_and_an_interruption_stays_one(alice, elin, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 3)
    rows = "".join(f"A-1,C-1,2026-03-01,1,{n}.00\n" for n in range(1, 8))
    batch = importing.upload(
        actor=alice, kind="orders", file=SimpleUploadedFile("o.csv", f"order,customer,date,qty,amount\n{rows}".encode())
    )
    importing.choose_columns(batch, actor=alice, mapping=batch.mapping, policy="fill")
    job = importing.start(batch, actor=alice)
    copy, calls = importing_orders.copy_rows, []

    def dies(table, *args):
        calls.append(table)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return copy(table, *args)

    monkeypatch.setattr(importing_orders, "copy_rows", dies)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(job.pk)
    assert OrderLine.objects.count() == 3
    monkeypatch.setattr(importing_orders, "copy_rows", copy)
    jobs.run(job.pk)
    order = Order.objects.get()
    assert (order.total, order.lines_count, order.lines_total()) == (28, 7, 28)
    assert list(order.lines.values_list("line_no", flat=True)) == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-03-01", "2026-03-01"), ("20260301", "2026-03-01"), ("1.3.2026", "2026-03-01"), ("3/1/2026", "2026-03-01"),
     ("2026-03-01T23:30:00-05:00", "2026-03-02"), ("31.2.2026", None), ("", None), ("1899-01-01", None)],
)  # fmt: skip
def test_dates_as_files_write_them(text, day):
    made = importing_orders.moment(text)
    assert (made and made[:10]) == day


def test_an_order_by_hand(client, login, alice, elin):
    login(client, alice)
    Product.objects.create(sku="B-1", name="House blend", price=Money("12.50", "USD"))
    form = {"customer": "C-1", "sku_1": "B-1", "quantity_1": "3"}
    answer = client.post(reverse("sales:order_create"), form)
    order = Order.objects.get()
    assert answer["Location"] == order.get_absolute_url()
    assert order.total == Decimal("37.50")
    assert "House blend" in client.get(order.get_absolute_url()).content.decode()
    wrong = client.post(reverse("sales:order_create"), {**form, "sku_1": "none"})
    assert wrong.status_code == 422
    assert "No product has this number" in wrong.content.decode()


def test_nothing_is_no_order(alice, elin):
    with pytest.raises(DomainError, match="needs a line"):
        ordering.place(actor=alice, customer=elin, lines=[])


def test_a_colleague_of_another_team_does_not_see_the_order(client, login, charlie, alice, elin):
    product = Product.objects.create(sku="B-1", name="House blend", price=Money(1, "USD"))
    order = ordering.place(actor=alice, customer=elin, lines=[ordering.Line(product, Decimal(1))])
    login(client, charlie)
    assert client.get(order.get_absolute_url()).status_code == 404
    assert order.number not in client.get(reverse("sales:orders")).content.decode()


def test_what_was_spent_is_known_as_an_attribute(alice, elin):
    from crm.lib import registry

    take_in(alice, FILE)
    entry = registry.attributes()["sales.total_spend"]
    assert entry.annotate(Party.objects.filter(pk=elin.pk), "spend").get().spend == Decimal("27.49")
