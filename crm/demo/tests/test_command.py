"""`bin/manage demo`: the same for the same seed, and only into an empty database."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from contacts.models import Party
from crm.demo import filling
from crm.lib.errors import DomainError

DIGEST = """
    SELECT md5(string_agg(t.line, E'\\n' ORDER BY t.line)) FROM (
        SELECT concat_ws('|', p.name, p.external_id, p.created_at, p.last_touch_at, u.email) AS line
        FROM contacts_party p JOIN accounts_user u ON u.id = p.owner_id
        UNION ALL SELECT concat_ws('|', number, label) FROM contacts_phone
        UNION ALL SELECT address FROM contacts_email
        UNION ALL SELECT concat_ws('|', line1, postal_code, city) FROM contacts_address
        UNION ALL SELECT concat_ws('|', o.number, o.placed_at, o.total, l.line_no, p.sku, l.quantity, l.amount)
            FROM sales_order o JOIN sales_orderline l ON l.order_id = o.id JOIN sales_product p ON p.id = l.product_id
        UNION ALL SELECT concat_ws('|', name, value, status, rank, stage_since) FROM sales_opportunity
        UNION ALL SELECT concat_ws('|', subject, status, priority, created_at, resolution_due) FROM service_ticket
    ) t
"""


def ask(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_the_same_seed_makes_the_same_rows(db):
    found = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            filling.fill(60, seed, score=False, say=lambda text: None)
            found.append(ask(DIGEST))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0] != found[2]


@pytest.mark.parametrize("size", [0, 1_000_001])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(DomainError, match="between 1 and"):
        filling.fill(size)


def test_a_database_with_customers_is_refused_with_a_sentence(party_factory):
    party_factory()
    for words in ((), ("--size", "5")):
        with pytest.raises(CommandError, match="There are customers in this database already"):
            call_command("demo", *words)
    call_command("demo", "--if-empty", stdout=StringIO())
    assert Party.objects.count() == 1


def test_the_command_fills_and_says_how_far_it_is(db):
    said = StringIO()
    call_command("demo", "--size", "20", "--seed", "3", "--no-score", stdout=said)
    assert Party.objects.customers().count() == 20
    assert "20 customers in" in said.getvalue()
