"""A worker is killed in the middle of a scoring run: every customer has the scores of a run that was left in peace."""

import pytest
from django.db import transaction

from analytics.models import ScoreRun
from analytics.services import scoring
from contacts.models import Party
from crm.tests.processes import ask

pytestmark = pytest.mark.slow
CUSTOMERS = """
    INSERT INTO contacts_party (id, kind, name, first_name, last_name, sort_name, title, language, time_zone, owner_id,
                                source, external_id, custom, created_at, updated_at)
    SELECT n, 'person', 'N' || n, 'N' || n, '', 'n' || n, '', '', '', %s, 'test', 'c' || n, '{}', now(), now()
    FROM generate_series(1000001, 1032000, 8) n
"""
"""4,000 customers in eight ranges of keys."""
PURCHASES = """
    INSERT INTO sales_order (number, customer_id, placed_at, total, currency, lines_count, source, created_at)
    SELECT p.id || '/' || k, p.id, now() - make_interval(days => ((p.id * 7919 + k * 104729) % 700)::int),
           10 + (p.id * 31 + k * 17) % 90, 'USD', 1, 'test', now()
    FROM contacts_party p, LATERAL generate_series(0, (p.id % 6)::int) k
"""
SCORES = """
    SELECT customer_id, kind, value, label, percentile, reasons, state, model_version FROM contacts_score ORDER BY 1, 2
"""


def test_a_scoring_run(background, alice):
    ask(CUSTOMERS, alice.pk)
    ask(PURCHASES)
    job = scoring.start(actor=alice)

    def ranges():
        run = ScoreRun.objects.filter(job=job).first()
        return (run.ranges.exclude(done_at=None).count(), run.ranges.count()) if run else (0, 0)

    background.wait_until(lambda: ranges()[0], 60, "the first range was scored")
    with background.dead_worker():
        finished, total = ranges()
        assert 0 < finished < total
    assert background.done(job).attempts == 2
    killed = ScoreRun.objects.get(job=job)
    assert killed.state == "done"
    found, facts = ask(SCORES), (killed.customers, killed.at_risk, killed.deciles, killed.watch_list)
    ask("DELETE FROM contacts_score")
    with transaction.atomic():
        again = scoring.start(actor=alice)
        ScoreRun.objects.create(job=again, as_of=killed.as_of)
    background.done(again)
    smooth = ScoreRun.objects.get(job=again)
    assert (smooth.customers, smooth.at_risk, smooth.deciles, smooth.watch_list) == facts
    assert ask(SCORES) == found
    assert killed.customers == Party.objects.count()
