"""Opportunities: opened, moved, won, lost, taken up again; and who may."""

import json

import pytest
from django.urls import reverse
from djmoney.money import Money

from contacts.models import Touchpoint
from crm.lib.errors import DomainError, StaleState
from sales.models import LostReason, Opportunity, Pipeline, Stage
from sales.selectors import board
from sales.services import pipeline


@pytest.fixture
def elin(party_factory):
    return party_factory()


@pytest.fixture
def card(alice, elin):
    return pipeline.open_opportunity(
        actor=alice, name="Four machines", customer=elin, contact=elin, value=Money(31200, "USD")
    )


def lane(stage):
    return list(Opportunity.objects.open().filter(stage=stage).order_by("rank", "pk").values_list("name", flat=True))


def test_an_opportunity_goes_its_way_and_every_step_is_on_the_timeline(alice, card):
    proposal = Stage.objects.get(name="Proposal")
    pipeline.move(card, actor=alice, stage=proposal)
    pipeline.win(card, actor=alice)
    assert card.status == "won"
    assert card.closed_at
    kinds = list(Touchpoint.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["opportunity-opened", "opportunity-moved", "opportunity-won"]
    assert [step.to_stage.name for step in card.steps.all()] == ["Qualified", "Proposal", "Proposal"]


def test_a_lost_one_says_why_and_can_be_taken_up_again(alice, card):
    pipeline.lose(card, actor=alice, reason=LostReason.objects.get(name="Price"), note="8 % lower elsewhere")
    assert card.lost_reason.name == "Price"
    pipeline.reopen(card, actor=alice)
    assert (card.status, card.lost_reason, card.closed_at) == ("open", None, None)


def test_who_comes_second_is_told(alice, bob, card):
    seen_by_bob = Opportunity.objects.get(pk=card.pk)
    pipeline.move(card, actor=alice, stage=Stage.objects.get(name="Negotiation"))
    with pytest.raises(StaleState):
        pipeline.move(seen_by_bob, actor=bob, stage=Stage.objects.get(name="Proposal"))
    pipeline.win(card, actor=alice)
    with pytest.raises(StaleState):
        pipeline.lose(card, actor=bob, reason=LostReason.objects.first())


def test_a_card_is_put_between_two_others(alice, elin):
    first, second, third = (
        pipeline.open_opportunity(actor=alice, name=name, customer=elin) for name in ("one", "two", "three")
    )
    assert lane(first.stage) == ["three", "two", "one"]
    pipeline.move(third, actor=alice, stage=first.stage, after=second.pk, before=first.pk)
    assert lane(first.stage) == ["two", "three", "one"]
    pipeline.move(first, actor=alice, stage=first.stage, after=None, before=second.pk)
    assert lane(first.stage) == ["one", "two", "three"]


def test_a_stage_of_another_pipeline_is_refused(alice, card):
    other = Stage.objects.create(pipeline=Pipeline.objects.create(name="Renewals"), name="Due", probability=80)
    with pytest.raises(DomainError, match="another pipeline"):
        pipeline.move(card, actor=alice, stage=other)


def test_the_board_sums_and_hides_in_three_queries(alice, elin, card, django_assert_num_queries):
    for number in range(15):
        pipeline.open_opportunity(actor=alice, name=f"n{number}", customer=elin, value=Money(100, "USD"))
    with django_assert_num_queries(4):
        lanes = board(Opportunity.objects.all(), card.stage.pipeline_id)
    assert (lanes[0].count, lanes[0].total, len(lanes[0].cards), lanes[0].hidden) == (16, 32700, 12, 4)
    assert lanes[0].weighted == 3270


def test_the_board_and_its_menu_in_the_browser(client, login, alice, card):
    login(client, alice)
    page = client.get(reverse("sales:board")).content.decode()
    assert "Four machines" in page
    assert "$31,200" in page
    stage = Stage.objects.get(name="Proposal")
    answer = client.post(reverse("sales:move", args=[card.pk]), {"stage": stage.pk})
    assert answer.status_code == 303
    card.refresh_from_db()
    assert card.stage == stage
    drop = client.post(
        reverse("sales:move", args=[card.pk]),
        {"stage": card.stage_id, "after": "", "before": ""},
        HTTP_HX_REQUEST="true",
    )
    assert drop.status_code == 200
    assert "board" in drop.content.decode()


def test_a_drop_on_another_lane_can_be_taken_back(client, login, alice, card):
    login(client, alice)
    old, stage = card.stage, Stage.objects.get(name="Proposal")
    values = {"stage": stage.pk, "after": "", "before": ""}
    drop = client.post(reverse("sales:move", args=[card.pk]), values, HTTP_HX_REQUEST="true")
    undo = json.loads(drop.headers["HX-Trigger"])["toast"]["undo"]
    card.refresh_from_db()
    assert card.stage == stage
    back = client.post(undo, HTTP_HX_REQUEST="true")
    assert back.headers["HX-Redirect"] == reverse("sales:board")
    card.refresh_from_db()
    assert card.stage == old


def test_another_team_can_neither_see_nor_move(client, login, charlie, card):
    login(client, charlie)
    assert "Four machines" not in client.get(reverse("sales:board")).content.decode()
    for name in ("opportunity", "move", "win", "lose", "edit"):
        assert client.get(reverse(f"sales:{name}", args=[card.pk])).status_code == 404
    assert client.post(reverse("sales:win", args=[card.pk])).status_code == 404


def test_an_opportunity_is_opened_in_the_browser(client, login, alice, elin):
    login(client, alice)
    form = {"name": "Beans", "customer": elin.name, "value": "$ 1,200.50", "owner": alice.pk}
    answer = client.post(reverse("sales:create"), form)
    made = Opportunity.objects.get(name="Beans")
    assert answer["Location"] == made.get_absolute_url()
    assert made.value == Money("1200.50", "USD")
    assert client.get(made.get_absolute_url()).status_code == 200
    wrong = client.post(reverse("sales:create"), {**form, "customer": "Nobody Known", "value": "much"})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "Nobody is found" in text
    assert "not an amount of money" in text
