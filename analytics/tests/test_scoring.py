"""Scores out of orders: raw purchases through the import, a worker that dies, the dashboard that links to its rows."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from djmoney.money import Money

from analytics.models import RevenueDay, ScoreRange, ScoreRun
from analytics.services import learning, scoring
from contacts.models import Party, Score
from contacts.services import importing
from crm.events.outbox import deliver_pending
from crm.jobs import services as jobs
from sales.models import Order, Product
from sales.services import ordering

FILE = Path(__file__).parent / "data" / "cdnow_sample.txt"
END = datetime(1997, 9, 30, 23, 59, tzinfo=UTC)


def take_in(actor, kind, text):
    batch = importing.upload(actor=actor, kind=kind, file=SimpleUploadedFile("f.csv", text.encode()))
    importing.choose_columns(batch, actor=actor, mapping=batch.mapping, policy="fill")
    jobs.run(importing.start(batch, actor=actor).pk)
    batch.refresh_from_db()
    assert batch.refused == 0
    return batch


@pytest.fixture
def cdnow(alice):
    lines = [line.split() for line in FILE.read_text().splitlines()]
    people = sorted({line[1] for line in lines})
    take_in(alice, "contacts", "number,last name\n" + "".join(f"{pk},Buyer {pk}\n" for pk in people))
    take_in(
        alice,
        "orders",
        "customer_id,date,qty,amount\n" + "".join(f"{row[1]},{row[2]},{row[3]},{row[4]}\n" for row in lines),
    )


@pytest.mark.slow
def test_the_published_figures_come_out_of_the_import(cdnow, alice):
    learnt = learning.learn(END)
    kept = learnt["value"]
    assert kept["purchases"]["customers"] == 2357
    found = [kept["purchases"][name] for name in ("r", "alpha", "a", "b")]
    assert found == pytest.approx([0.525, 6.183, 0.891, 1.614], rel=0.005)
    assert kept["purchases"]["log_likelihood"] == pytest.approx(-9582.133, abs=0.02)
    assert [kept["worth"][name] for name in ("p", "q", "gamma")] == pytest.approx([6.25, 3.74, 15.44], rel=0.01)

    job = scoring.start(actor=alice)
    assert scoring.start(actor=alice) == job, "a second click finds the run that is under way"
    with time_machine.travel(END):
        jobs.run(job.pk)
    run = ScoreRun.objects.get()
    assert run.state == "done"
    assert run.customers == 2357
    assert Score.objects.filter(kind="rfm").count() == 2357
    assert [row["customers"] for row in run.deciles] == [236] * 7 + [235] * 3
    first = Score.objects.filter(kind="lifetime_value").order_by("-value").first()
    assert first.percentile == 1.0
    assert len(first.reasons) == 3


@pytest.fixture
def buyers(alice, party_factory):
    product = Product.objects.create(sku="B", name="Beans", price=Money(10, "USD"))
    parties = [party_factory(first_name=f"N{n}", last_name="Buyer") for n in range(3)]
    for party in parties[:2]:
        ordering.place(actor=alice, customer=party, lines=[ordering.Line(product, Decimal(2))])
    return parties


def test_not_enough_data_is_said_in_words(buyers, alice):
    jobs.run(scoring.start(actor=alice).pk)
    rows = Score.objects.filter(kind="lifetime_value")
    assert {row.state for row in rows} == {"not_enough_data"}
    assert rows.get(customer=buyers[2]).reasons[0]["say"] == "Nothing was bought yet"
    assert "bought again" in rows.get(customer=buyers[0]).reasons[0]["say"]


def test_a_run_killed_in_the_middle_goes_on_and_counts_nobody_twice(buyers, alice, monkeypatch):
    monkeypatch.setattr(scoring, "KEYS", 1)
    job = scoring.start(actor=alice)
    real, calls = scoring.score_range, []

    def dies(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args)

    monkeypatch.setattr(scoring, "score_range", dies)
    with pytest.raises(KeyboardInterrupt):
        jobs.run(job.pk)
    assert ScoreRange.objects.exclude(done_at=None).count() == 1
    jobs.run(job.pk)
    run = ScoreRun.objects.get()
    assert (run.state, run.customers) == ("done", 2)
    assert Score.objects.filter(kind="churn").count() == Party.objects.customers().count()


def test_an_order_moves_revenue_and_scores(buyers, alice):
    jobs.run(scoring.start(actor=alice).pk)
    before = Score.objects.get(customer=buyers[2], kind="lifetime_value").scored_at
    ordering.place(actor=alice, customer=buyers[2], lines=[ordering.Line(Product.objects.get(), Decimal(5))])
    deliver_pending()
    assert sum(RevenueDay.objects.values_list("total", flat=True)) == 90
    score = Score.objects.get(customer=buyers[2], kind="lifetime_value")
    assert score.scored_at > before
    assert "bought again" in score.reasons[0]["say"]


def test_every_number_of_the_dashboard_leads_to_so_many_rows(client, login, dana, buyers, alice):
    jobs.run(scoring.start(actor=alice).pk)
    login(client, dana)
    page = client.get(reverse("analytics:dashboard")).content.decode()
    url = re.search(r'href="(/sales/orders/\?since=[^"]+)"', page).group(1).replace("&amp;", "&")
    listed = client.get(url).content.decode()
    assert re.search(r'id="list-count">\s*2\s*<', listed)
    assert Order.objects.count() == 2


def test_a_rep_has_no_dashboard_and_sees_the_reasons_of_their_own_customers(client, login, alice, charlie, buyers):
    login(client, alice)
    assert client.get(reverse("analytics:dashboard")).status_code == 403
    assert client.get(reverse("analytics:why", args=[buyers[0].pk])).status_code == 200
    login(client, charlie)
    assert client.get(reverse("analytics:why", args=[buyers[0].pk])).status_code == 404
