"""Opportunities of the demo company: opened, moved from stage to stage, won and lost, by the services of sales."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from djmoney.money import Money

from contacts.models import Score
from contacts.services import directory, timeline
from crm.demo.company import Company
from crm.lib import clock
from crm.lib.clock import now
from sales.models import LostReason, Opportunity, Stage
from sales.services import pipeline

DEALS = 110
WANTS = [
    ("Weekly delivery", 1800), ("Coffee for the office", 2400), ("Catering for the summer feast", 3600),
    ("Fruit baskets for the staff", 1500), ("Cheese counter", 5200), ("Wholesale prices", 9500),
    ("Christmas hampers", 4200), ("Daily bread for the canteen", 7800), ("Flowers for the entrance", 900),
]  # fmt: skip
FATES = ["open"] * 12 + ["won"] * 5 + ["lost"] * 3
TASKS = ["Send the price list", "Ask how the tasting went", "Prepare the offer", "Thank for the order",
         "Ring about the delivery hour", "Check the payment terms"]  # fmt: skip
ERRANDS = 36
DEAR = 25


def play(company: Company) -> None:
    """Open opportunities and bring each to where it stands; plan tasks; mark the dearest customers."""
    stages, reasons = list(Stage.objects.order_by("pipeline__position", "position")), list(LostReason.objects.all())
    # In the order of their time, so that a higher key is a younger one.
    for opened in sorted(company.office_hour(company.dice.randrange(2, 100)) for _nth in range(company.some(DEALS))):
        _deal(company, opened, stages, reasons)
    for _nth in range(company.some(ERRANDS)):
        _errand(company)
    best = Score.objects.filter(kind="lifetime_value", customer__account=None).exclude(value=None)
    for score in best.order_by("-value").select_related("customer__owner")[:DEAR]:
        directory.set_tags(score.customer, actor=score.customer.owner, names=["vip"])


def _deal(company: Company, opened: datetime, stages: list[Stage], reasons: list[LostReason]) -> None:
    dice = company.dice
    customer, contact = company.somebody(firm=dice.random() < 0.7)
    owner, fate, (name, usual) = customer.owner, dice.choice(FATES), dice.choice(WANTS)
    value = Money(Decimal(round(usual * dice.lognormvariate(0, 0.4), -1)), settings.DEFAULT_CURRENCY)
    with clock.as_of(opened):
        made = pipeline.open_opportunity(
            actor=owner, name=name, customer=customer, contact=contact, value=value,
            expected_close=(now() + timedelta(days=dice.randrange(20, 130))).date(),
        )  # fmt: skip
    Opportunity.objects.filter(pk=made.pk).update(created_at=opened)
    reached = dice.randrange(len(stages)) if fate != "won" else len(stages) - 1
    shares = sorted(dice.random() for _step in range(reached + 1))
    moments = [opened + (now() - opened) * share for share in shares]
    for stage, at in zip(stages[1 : reached + 1], moments, strict=False):
        with clock.as_of(at):
            pipeline.move(made, actor=owner, stage=stage)
    _close(made, owner, fate, dice.choice(reasons), moments[-1])


def _close(made: Opportunity, owner: Any, fate: str, reason: LostReason, at: Any) -> None:
    with clock.as_of(at):
        if fate == "won":
            pipeline.win(made, actor=owner)
        elif fate == "lost":
            pipeline.lose(made, actor=owner, reason=reason)


def _errand(company: Company) -> None:
    dice = company.dice
    customer, contact = company.somebody()
    planned, done = company.office_hour(dice.randrange(1, 6)), dice.random() < 0.4
    due = planned + timedelta(days=dice.randrange(1, 3) if done else dice.randrange(4, 10))
    with clock.as_of(planned):
        task = timeline.add_task(actor=customer.owner, party=contact, subject=dice.choice(TASKS), due_at=due)
    if done:
        with clock.as_of(planned + (now() - planned) * dice.random()):
            timeline.finish_task(task, actor=customer.owner)
