"""What the dashboard shows, each figure with the address of its rows."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.formats import date_format

from analytics.models import RevenueDay, ScoreRun
from contacts.models import Party
from crm.lib.clock import now
from sales.models import Opportunity, Stage

MONTHS = 12


def last_run() -> ScoreRun | None:
    """Return the newest finished scoring."""
    return ScoreRun.objects.filter(state="done").first()


def _month_end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def revenue() -> list[dict[str, Any]]:
    """Return the last twelve months that have orders: label, value, orders, and the list of these orders."""
    rows = RevenueDay.objects.filter(day__lte=now().date()).annotate(month=TruncMonth("day")).values("month")
    found = rows.annotate(total=Sum("total"), n=Sum("orders")).order_by("-month")[:MONTHS]
    return [
        {
            "label": date_format(row["month"], "F Y"),
            "short": date_format(row["month"], "M"),
            "value": row["total"],
            "orders": row["n"],
            "url": f"{reverse('sales:orders')}?since={row['month']}&until={_month_end(row['month'])}",
        }
        for row in reversed(found)
    ]


def pipeline() -> list[dict[str, Any]]:
    """Return the stages with count, sum and the list of their opportunities."""
    sums = {
        row["stage_id"]: row
        for row in Opportunity.objects.open().values("stage_id").annotate(n=Count("pk"), total=Sum("value")).order_by()
    }
    made = []
    for stage in Stage.objects.select_related("pipeline").order_by("pipeline__position", "position"):
        row = sums.get(stage.pk, {"n": 0, "total": Decimal(0)})
        url = f"{reverse('sales:list')}?stage={stage.pk}&status=open"
        made.append({"stage": stage, "count": row["n"], "total": row["total"], "url": url,
                     "weighted": row["total"] * stage.probability / 100})  # fmt: skip
    return made


def deciles(run: ScoreRun | None) -> list[dict[str, Any]]:
    """Return the tenths of customers by value: share of all value, running share, the list of these customers."""
    rows = run.deciles if run else []
    whole = sum(row["value"] for row in rows) or 1.0
    made, running = [], 0.0
    for row in rows:
        running += row["value"]
        url = f"{reverse('contacts:list')}?decile={row['decile']}"
        made.append({**row, "share": row["value"] / whole, "running": running / whole, "url": url})
    return made


def segments(run: ScoreRun) -> list[dict[str, Any]]:
    """Return the segments of a run: share of all value, and the list of these customers."""
    whole = sum(row["value"] for row in run.segments) or 1.0
    address = reverse("contacts:list")
    return [
        {**row, "share": row["value"] / whole, "url": f"{address}?{urlencode({'segment': row['segment']})}"}
        for row in run.segments
    ]


def watch_list(run: ScoreRun | None, limit: int = 8) -> list[Any]:
    """Return the most valuable customers who are at risk."""
    keys = run.watch_list[:limit] if run else []
    found = {party.pk: party for party in Party.objects.filter(pk__in=keys).with_scores("lifetime_value", "churn")}
    return [found[key] for key in keys if key in found]
