"""Questions about what is and may be bought."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, F, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from crm.lib.clock import now
from sales.models import Opportunity, Stage

LANE = 12


@dataclass
class Lane:
    """A stage on the board with its figures and its first cards."""

    stage: Stage
    count: int = 0
    total: Decimal = Decimal(0)
    cards: list[Any] = field(default_factory=list)

    @property
    def weighted(self) -> Decimal:
        """The sum times the stage's odds."""
        return self.total * self.stage.probability / 100

    @property
    def hidden(self) -> int:
        """How many cards are not shown."""
        return self.count - len(self.cards)


def board(rows: QuerySet[Any], pipeline_id: int, size: int = LANE) -> list[Lane]:
    """Return the lanes of a pipeline: one query for the figures, one for the first cards of all lanes."""
    lanes = {stage.pk: Lane(stage) for stage in Stage.objects.filter(pipeline_id=pipeline_id)}
    opened = rows.open().filter(stage_id__in=list(lanes))  # type: ignore[attr-defined]
    for row in opened.values("stage_id").annotate(n=Count("pk"), total=Sum("value")).order_by():
        lane = lanes[row["stage_id"]]
        lane.count, lane.total = row["n"], row["total"] or Decimal(0)
    place = Window(RowNumber(), partition_by=F("stage_id"), order_by=[F("rank").asc(), F("pk").asc()])
    keys = opened.annotate(place=place).filter(place__lte=size).values_list("pk", flat=True)
    for card in _cards(Opportunity.objects.filter(pk__in=list(keys))).order_by("rank", "pk"):
        lanes[card.stage_id].cards.append(card)
    return list(lanes.values())


def _cards(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Read of each card, its customer and its owner what is printed on it and no more."""
    own = ("name", "value", "value_currency", "expected_close", "rank", "stage")
    owner = ("owner__first_name", "owner__last_name", "owner__email")
    return rows.select_related("customer", "owner").only(*own, "customer__name", *owner)


def lane_after(rows: QuerySet[Any], stage_id: int, offset: int, size: int = 50) -> list[Any]:
    """Return further cards of a lane."""
    opened = rows.open().filter(stage_id=stage_id)  # type: ignore[attr-defined]
    return list(_cards(opened).order_by("rank", "pk")[offset : offset + size])


def open_opportunities(customer_id: int) -> list[Opportunity]:
    """Return a customer's open opportunities, the most valuable first."""
    rows = Opportunity.objects.open().filter(customer_id=customer_id).select_related("stage", "owner")
    return list(rows.order_by("-value")[:10])


@dataclass(frozen=True)
class Figures:
    """What a customer bought within a year, and what they may buy."""

    spent: Decimal
    orders: int
    pipeline: Decimal
    opportunities: int


def figures(customer_id: int, days: int = 365) -> Figures:
    """Return a customer's figures of sales in one query."""
    since = now() - timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(o.total, 0), o.n, coalesce(p.total, 0), p.n FROM
              (SELECT sum(total) AS total, count(*) AS n FROM sales_order
               WHERE customer_id = %s AND placed_at >= %s) AS o,
              (SELECT sum(value) AS total, count(*) AS n FROM sales_opportunity
               WHERE customer_id = %s AND status = 'open') AS p
            """,
            [customer_id, since, customer_id],
        )
        return Figures(*cursor.fetchone())
