"""Segments: rules over what every room knows."""

import pytest
from django.urls import reverse
from django.utils import translation

from campaigns import rules
from campaigns.models import Segment
from campaigns.services import segmenting
from contacts.models import Score
from contacts.services import directory
from crm.lib.clock import now
from crm.lib.errors import DomainError


def score(party, kind, value, percentile=None, label=""):
    Score.objects.create(
        customer=party, kind=kind, value=value, percentile=percentile, label=label, as_of=now(), scored_at=now()
    )


@pytest.fixture
def people(party_factory):
    made = [party_factory(first_name=f"N{n}", last_name="Buyer") for n in range(5)]
    for n, party in enumerate(made):
        score(party, "lifetime_value", 100.0 * n, percentile=n / 4)
        score(party, "churn", 0.2 * n)
        score(party, "rfm", 100, label="Champions" if n > 2 else "New")
    return made


def rule(*terms, match="all"):
    return {"match": match, "terms": [dict(zip(("attribute", "op", "value"), term, strict=True)) for term in terms]}


@pytest.mark.parametrize(
    ("terms", "match", "expected"),
    [
        ([("contacts.value_percentile", "top", "25")], "all", 2),
        ([("contacts.value_percentile", "top", "20"), ("contacts.churn_risk", "gt", "50")], "all", 1),
        ([("contacts.lifetime_value", "gte", "300"), ("contacts.churn_risk", "lt", "10")], "any", 3),
        ([("contacts.rfm_segment", "is", "Champions")], "all", 2),
        ([("contacts.rfm_segment", "not", "Champions")], "all", 3),
        ([("contacts.name", "contains", "n1")], "all", 1),
        ([("contacts.created", "within", "2")], "all", 5),
        ([("contacts.created", "before", "2")], "all", 0),
        ([("sales.total_spend", "gte", "0")], "all", 0),
    ],
)
def test_who_fits(people, terms, match, expected):
    assert segmenting.count(rule(*terms, match=match)) == expected


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ([], "needs a condition"),
        ([("nobody.knows", "is", "1")], "Nobody knows"),
        ([("contacts.churn_risk", "top", "1")], "cannot be compared"),
        ([("contacts.churn_risk", "gt", "")], "compared with nothing"),
        ([("contacts.churn_risk", "gt", "high")], "not a number"),
        ([("contacts.churn_risk", "gt", "300")], "between 0 and 100"),
        ([("contacts.created", "within", "nan")], "not a number"),
    ],
)
def test_a_rule_that_makes_no_sense_is_told(db, terms, sentence):
    with pytest.raises(DomainError, match=sentence):
        rules.compile_rule(rule(*terms), segmenting.Party.objects.all())


def test_every_attribute_of_every_room_can_be_used(people):
    from crm.lib import registry

    for key, entry in registry.attributes().items():
        for op in rules.OPS[entry.type]:
            assert segmenting.count(rule((key, op, "5"))) >= 0, (key, op)


def test_a_segment_lives(people, alice, dana):
    segment = segmenting.save(actor=dana, name="Risky", rule=rule(("contacts.churn_risk", "gte", "60")))
    assert segment.count_cached == 2
    directory.archive(people[4], actor=alice)
    assert segmenting.recount(segment) == 1


def test_the_builder_counts_live_and_keeps_what_is_wrong(client, login, dana, people):
    login(client, dana)
    data = {"match": "all", "attribute_1": "contacts.churn_risk", "op_1": "gte", "value_1": "60"}
    assert ">2 <" in client.get(reverse("campaigns:count"), data).content.decode().replace("\n", "")
    row = client.get(reverse("campaigns:row"), {"row": "1", "attribute_1": "contacts.rfm_segment"}).content.decode()
    assert "Champions" in row
    wrong = client.post(reverse("campaigns:segment_create"), {**data, "name": "Risky", "value_1": "many"})
    assert wrong.status_code == 422
    assert "not a number" in wrong.content.decode()
    assert 'value="Risky"' in wrong.content.decode()
    assert client.post(reverse("campaigns:segment_create"), {**data, "name": "Risky"}).status_code == 303
    assert Segment.objects.get().count_cached == 2
    again = client.post(reverse("campaigns:segment_create"), {**data, "name": "Risky"})
    assert "Another segment has this name" in again.content.decode()


def test_a_rule_is_said_in_words_of_the_reader():
    terms = rule(
        ("contacts.churn_risk", "gt", "50"),
        ("contacts.rfm_segment", "is", "Loyal"),
        ("sales.last_order", "before", "45"),
    )
    assert rules.words(terms) == [
        "Churn risk is more than 50%", "RFM segment is Loyal", "Last order longer ago than 45 days",
    ]  # fmt: skip
    with translation.override("de"):
        assert rules.words(terms) == [
            "Abwanderungsrisiko über 50%", "RFM-Segment gleich Stammkunden", "Letzter Auftrag länger her als 45 Tage",
        ]  # fmt: skip
