"""Tables over scored customers: tenths, segments, who may leave, and what was promised against what came."""

import json
import re

import numpy as np
import pytest
from django.urls import reverse

from analytics.models import ScoreRun
from analytics.scoring import churn
from analytics.services import tables
from contacts.models import Score
from crm.lib.clock import now


@pytest.fixture
def customers(party_factory):
    """Seven customers: value, risk, segment, tenth."""
    known = (
        (100.0, 0.5, "Champions", 1),
        (50.25, 0.75, "At risk", 2),
        (50.25, 0.9, "At risk", 2),
        (10.0, 0.1, "Champions", 3),
        (0.0, None, "New", 3),
        (None, 0.8, "Hibernating", None),
        (None, None, None, None),
    )
    parties = [party_factory(first_name=f"N{n}", last_name="Buyer") for n in range(len(known))]
    at = {"as_of": now(), "scored_at": now()}
    for party, (value, risk, segment, tenth) in zip(parties, known, strict=True):
        Score.objects.create(customer=party, kind="lifetime_value", value=value, **at)
        Score.objects.create(customer=party, kind="churn", value=risk, **at)
        if segment:
            Score.objects.create(customer=party, kind="rfm", value=111, label=segment, **at)
        if tenth:
            Score.objects.create(customer=party, kind="decile", value=tenth, **at)
    return parties


def test_the_tables_add_up_and_can_be_kept_as_json(customers):
    frame = tables.scored()
    assert list(frame.index) == [party.pk for party in customers]
    assert json.loads(json.dumps(tables.deciles(frame))) == [
        {"decile": 1, "customers": 1, "value": 100.0},
        {"decile": 2, "customers": 2, "value": 100.5},
        {"decile": 3, "customers": 2, "value": 10.0},
    ]
    assert json.loads(json.dumps(tables.segments(frame))) == [
        {"segment": "Champions", "customers": 2, "value": 110.0, "risk": 0.3, "at_risk": 1},
        {"segment": "At risk", "customers": 2, "value": 100.5, "risk": 0.825, "at_risk": 2},
        {"segment": "Hibernating", "customers": 1, "value": 0.0, "risk": 0.8, "at_risk": 1},
        {"segment": "New", "customers": 1, "value": 0.0, "risk": None, "at_risk": 0},
    ]


def test_the_watch_list_goes_by_value_then_age_and_unknown_values_come_last(customers):
    first, second, third, _safe, _new, unknown, _nothing = (party.pk for party in customers)
    assert tables.watch_list(tables.scored()) == (4, [first, second, third, unknown])


def test_without_scores_the_tables_are_empty(db):
    frame = tables.scored()
    assert (tables.deciles(frame), tables.segments(frame), tables.watch_list(frame)) == ([], [], (0, []))


def test_calibration_is_what_one_counts_by_hand():
    chance = np.array([0.0, 0.04, 0.15, 0.16, 0.99, 1.0])
    left = np.array([0, 1, 0, 0, 1, 1])
    groups = churn.calibration(left, chance)
    assert groups["customers"].tolist() == [2, 2, 2]
    assert groups["promised"].tolist() == pytest.approx([0.02, 0.155, 0.995])
    assert groups["seen"].tolist() == [0.5, 0.0, 1.0]
    assert churn.calibration_error(left, chance) == pytest.approx((0.48 + 0.155 + 0.005) / 3)


def test_each_segment_of_the_model_card_leads_to_its_customers(client, login, root, customers):
    run = ScoreRun.objects.create(
        as_of=now(), state="done", segments=tables.segments(tables.scored()),
        parameters={"value": None, "churn": None, "rfm": None, "sample": 0},
    )  # fmt: skip
    page = login(client, root).get(run.get_absolute_url()).content.decode()
    found = re.findall(r"<td>([\w ]+)</td><td class=\"num\"><a href=\"([^\"]+)\">(\d+)</a>", page)
    assert [(name, count) for name, _url, count in found] == [
        ("Champions", "2"), ("At risk", "2"), ("Hibernating", "1"), ("New", "1"),
    ]  # fmt: skip
    for _name, url, count in found:
        listed = client.get(url).content.decode()
        assert re.search(rf'id="list-count">\s*{count}\s*<', listed)
    assert reverse("contacts:list") in found[0][1]
