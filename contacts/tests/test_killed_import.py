"""A worker is killed in the middle of an import of contacts: it ends like one that was left in peace."""

import pytest

from contacts.models import Party
from contacts.tests.interrupted import begin_import, figures, kill_in_the_middle
from crm.tests.processes import ask

pytestmark = pytest.mark.slow
ROWS = 15_000


def people(mark):
    """Return a file of persons: every 100th twice, every 150th without an address that is one."""
    lines = ["number,first name,last name,email,phone,city,newsletter"]
    for n in range(ROWS):
        who = n - n % 100 if n % 100 == 1 else n
        mail = "nobody@" if n % 150 == 3 else f"n{who}@{mark}.example"
        lines.append(f"{mark}-{who},N{who},Buyer,{mail},+1212{5550000 + n % 10000},Town {n % 7},yes")
    return "\n".join(lines)


PERSONS = """
    SELECT p.name, p.sort_name, replace(p.external_id, %s, ''),
      (SELECT string_agg(number, ',' ORDER BY number) FROM contacts_phone WHERE party_id = p.id),
      (SELECT replace(string_agg(address, ',' ORDER BY address), %s, '') FROM contacts_email WHERE party_id = p.id),
      (SELECT string_agg(city, ',') FROM contacts_address WHERE party_id = p.id),
      (SELECT count(*) FROM contacts_consent WHERE party_id = p.id),
      (SELECT string_agg(pgh_label, ',' ORDER BY pgh_id) FROM contacts_partyevent WHERE pgh_obj_id = p.id)
    FROM contacts_party p WHERE p.external_id LIKE %s ORDER BY 3
"""


def test_an_import_of_contacts(background, alice):
    killed = kill_in_the_middle(background, begin_import(alice, "contacts", people("one")))
    smooth = begin_import(alice, "contacts", people("two"))
    background.done(smooth.job)
    smooth.refresh_from_db()
    assert figures(killed) == figures(smooth)
    assert ask(PERSONS, "one", "one", "one-%") == ask(PERSONS, "two", "two", "two-%")
    assert killed.created == Party.objects.filter(external_id__startswith="one-").count() > 0.9 * ROWS
