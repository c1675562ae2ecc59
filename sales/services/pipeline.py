"""Open an opportunity, move it through its stages, win it, lose it, take it up again."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from djmoney.money import Money

from contacts.models import Party
from contacts.services import timeline
from crm.events import publish
from crm.lib import money as money_words
from crm.lib import rank as ranks
from crm.lib.clock import now
from crm.lib.errors import DomainError
from crm.lib.state import move as compare_and_set
from crm.lib.words import kept
from sales.events import OpportunityLost, OpportunityMoved, OpportunityOpened, OpportunityWon
from sales.models import LostReason, Opportunity, Pipeline, Stage, StageChange
from sales.states import OpportunityStatus

STAGES = [("Qualified", 10), ("Need understood", 25), ("Proposal", 50), ("Negotiation", 75)]
REASONS = ["Price", "Another supplier", "No need any more", "No answer", "Bad timing"]


def ensure_defaults() -> None:
    """Make the first pipeline and the reasons where there are none."""
    if not Pipeline.objects.exists():
        pipeline = Pipeline.objects.create(name="Sales")
        for position, (name, odds) in enumerate(STAGES):
            Stage.objects.create(pipeline=pipeline, name=name, position=position, probability=odds)
    if not LostReason.objects.exists():
        for position, name in enumerate(REASONS):
            LostReason.objects.create(name=name, position=position)


def first_stage() -> Stage:
    """Return where opportunities begin. Raises DomainError when no pipeline has a stage."""
    stage = Stage.objects.order_by("pipeline__position", "position").first()
    if stage is None:
        raise DomainError(_("There is no pipeline with a stage yet. An administrator can make one."))
    return stage


@transaction.atomic
def open_opportunity(
    *,
    actor: Any,
    name: str,
    customer: Party,
    value: Money | None = None,
    contact: Party | None = None,
    stage: Stage | None = None,
    owner: Any = None,
    expected_close: Any = None,
    call_id: int | None = None,
) -> Opportunity:
    """Open one for a customer; it comes first in its lane. Raises DomainError without a name or below zero."""
    if not name.strip():
        raise DomainError(_("Say what may be sold."))
    worth: Any = value if value is not None else money_words.zero()
    if worth.amount < 0:
        raise DomainError(_("A value is not below zero."))
    to = stage or first_stage()
    moment = now()
    made = Opportunity.objects.create(
        name=name.strip()[:160], customer_id=customer.customer_id, contact=contact, owner=owner or actor, stage=to,
        value=worth, expected_close=expected_close, source_call_id=call_id, stage_since=moment, rank=_front(to),
    )  # fmt: skip
    _step(made, None, to, actor)
    _tell(made, "opportunity-opened", gettext_lazy("Opportunity opened: %(name)s, %(value)s"), actor)
    publish(OpportunityOpened(opportunity_id=made.pk))
    return made


def _front(stage: Stage) -> str:
    first = Opportunity.objects.open().filter(stage=stage).order_by("rank").values_list("rank", flat=True).first()
    return ranks.between("", first or "")


def _step(opportunity: Opportunity, old: Stage | None, new: Stage, actor: Any, status: str = "open") -> None:
    StageChange.objects.create(
        opportunity=opportunity, from_stage=old, to_stage=new, at=now(), status=status,
        actor=actor if getattr(actor, "pk", None) else None,
    )  # fmt: skip


def _tell(opportunity: Opportunity, kind: str, words: Any, actor: Any, **more: Any) -> None:
    timeline.record(
        customer_id=opportunity.customer_id, contact=opportunity.contact, kind=kind, channel="system", actor=actor,
        source=opportunity,
        summary=kept(words, name=opportunity.name, value=money_words.fmt(opportunity.value), **more),
    )  # fmt: skip


@transaction.atomic
def update(opportunity: Opportunity, *, actor: Any, values: dict[str, Any]) -> Opportunity:
    """Change name, value, close date, owner, contact."""
    for name, value in values.items():
        setattr(opportunity, name, value)
    opportunity.save(update_fields=list(values))
    return opportunity


@transaction.atomic
def move(
    opportunity: Opportunity, *, actor: Any, stage: Stage, after: int | None = None, before: int | None = None
) -> Opportunity:
    """Put an open opportunity into a stage, between two cards of that lane.

    Raises StaleState when somebody moved or closed it meanwhile, DomainError for a stage of another pipeline.
    """
    old = opportunity.stage
    if stage.pipeline_id != old.pipeline_id:
        raise DomainError(_("That stage belongs to another pipeline."))
    moment = now()
    since = opportunity.stage_since if stage.pk == old.pk else moment
    rows = Opportunity.objects.filter(pk=opportunity.pk, stage=old)
    place = _between(opportunity, stage, after, before)
    compare_and_set(rows, old="open", new="open", stage=stage, rank=place, stage_since=since)
    opportunity.refresh_from_db()
    if stage.pk != old.pk:
        _step(opportunity, old, stage, actor)
        words = gettext_lazy("%(name)s moved from %(old)s to %(new)s")
        _tell(opportunity, "opportunity-moved", words, actor, old=old.name, new=stage.name)
        publish(OpportunityMoved(opportunity_id=opportunity.pk, stage_id=stage.pk))
    return opportunity


def _between(opportunity: Opportunity, stage: Stage, after: int | None, before: int | None) -> str:
    """Return a rank below the card `after`; without one, at the front of the lane or above `before`."""
    lane = Opportunity.objects.open().filter(stage=stage).exclude(pk=opportunity.pk).order_by("rank", "pk")
    upper = lane.filter(pk=after).values_list("rank", flat=True).first() if after else None
    if upper is None and before:
        lower = lane.filter(pk=before).values_list("rank", flat=True).first() or ""
        upper = lane.filter(rank__lt=lower).values_list("rank", flat=True).last() or "" if lower else ""
        return ranks.between(upper, lower)
    if upper is None:
        return ranks.between("", lane.values_list("rank", flat=True).first() or "")
    lower = lane.filter(rank__gt=upper).values_list("rank", flat=True).first() or ""
    return ranks.between(upper, lower)


@transaction.atomic
def win(opportunity: Opportunity, *, actor: Any) -> None:
    """They buy it. Raises StaleState when it is not open any more."""
    _close(opportunity, OpportunityStatus.WON, actor)
    _tell(opportunity, "opportunity-won", gettext_lazy("Won: %(name)s, %(value)s"), actor)
    publish(OpportunityWon(opportunity_id=opportunity.pk))


@transaction.atomic
def lose(opportunity: Opportunity, *, actor: Any, reason: LostReason, note: str = "") -> None:
    """They do not buy it, and why. Raises StaleState when it is not open any more."""
    _close(opportunity, OpportunityStatus.LOST, actor, lost_reason=reason, lost_note=note.strip()[:300])
    _tell(
        opportunity, "opportunity-lost", gettext_lazy("Lost: %(name)s, because: %(reason)s"), actor, reason=reason.name
    )
    publish(OpportunityLost(opportunity_id=opportunity.pk))


def _close(opportunity: Opportunity, status: OpportunityStatus, actor: Any, **values: Any) -> None:
    rows = Opportunity.objects.filter(pk=opportunity.pk)
    compare_and_set(rows, old=OpportunityStatus.OPEN, new=status, closed_at=now(), **values)
    opportunity.refresh_from_db()
    _step(opportunity, opportunity.stage, opportunity.stage, actor, status)


@transaction.atomic
def reopen(opportunity: Opportunity, *, actor: Any) -> None:
    """Take a closed one up again, in the stage it stood in."""
    compare_and_set(
        Opportunity.objects.filter(pk=opportunity.pk), old=[OpportunityStatus.WON, OpportunityStatus.LOST],
        new=OpportunityStatus.OPEN, closed_at=None, lost_reason=None, lost_note="", stage_since=now(),
    )  # fmt: skip
    opportunity.refresh_from_db()
    _step(opportunity, opportunity.stage, opportunity.stage, actor)
    _tell(opportunity, "opportunity-opened", gettext_lazy("Taken up again: %(name)s"), actor)
    publish(OpportunityOpened(opportunity_id=opportunity.pk))
