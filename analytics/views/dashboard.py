"""The manager's dashboard: every number is a link to its rows."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from analytics import selectors
from analytics.models import ScoreRun
from analytics.services import scoring, tables
from contactcentre.selectors import today as calls_today
from contacts.models import Party
from contacts.selectors import scores_of
from crm.jobs.models import Job
from crm.ui.htmx import see_other
from crm.ui.tables import Column
from crm.ui.views import HouseView, ListView

RISK_FROM = round(100 * tables.AT_RISK)
FIFTHS = {
    "recency": gettext_lazy("Recency, days"),
    "frequency": gettext_lazy("Frequency, orders"),
    "monetary": gettext_lazy("Monetary value"),
}


class DashboardView(HouseView):
    """Revenue, pipeline, value, risk."""

    permission = "analytics.manage"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the page."""
        run = selectors.last_run()
        months, stages = selectors.revenue(), selectors.pipeline()
        this, before = (months[-1] if months else None), (months[-2] if len(months) > 1 else None)
        context: dict[str, Any] = {
            "run": run,
            "months": months,
            "this": this,
            "before": before,
            "stages": stages,
            "open_total": sum(stage["total"] for stage in stages),
            "open_count": sum(stage["count"] for stage in stages),
            "weighted": sum(stage["weighted"] for stage in stages),
            "deciles": selectors.deciles(run),
            "calls": calls_today(request.user),
            "watch": selectors.watch_list(run),
            "risk_url": f"{reverse('contacts:list')}?risk_from={RISK_FROM}&sort=-value",
            "risk_from": RISK_FROM,
            "job": Job.objects.filter(kind=scoring.JOB, state__in=["queued", "running"]).first(),
        }
        return render(request, "analytics/dashboard.html", context)


class ScoreView(HouseView):
    """The button: score everybody now, and see how far it is."""

    permission = "analytics.manage"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start it, or find the run that is under way."""
        job = scoring.start(actor=request.user)
        return see_other(request, reverse("jobs:progress", args=[job.pk]))


class RunListView(ListView):
    """All runs."""

    permission = "analytics.manage"
    title = gettext_lazy("Scoring")
    model = ScoreRun
    template_name = "analytics/runs.html"
    searchable = False
    columns = (
        Column("as_of", gettext_lazy("As of"), kind="when", url=lambda row: row.get_absolute_url()),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), kind="status"),
        Column("customers", gettext_lazy("Customers"), kind="number"),
        Column("at_risk", gettext_lazy("At risk"), kind="number"),
    )


class RunView(HouseView):
    """The model card: what was learnt, from how many, how good it is, where the cut-offs lie."""

    permission = "analytics.manage"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the page."""
        run = get_object_or_404(ScoreRun.objects.visible_to(request.user), pk=pk)
        cutoffs = [(FIFTHS[name], edges) for name, edges in (run.parameters.get("rfm") or {}).items()]
        context = {
            "run": run,
            "learnt": run.parameters,
            "metrics": run.metrics,
            "cutoffs": cutoffs,
            "segments": selectors.segments(run),
        }
        return render(request, "analytics/run.html", context)


class WhyView(HouseView):
    """The reasons of a customer's scores, as a panel of their page."""

    permission = "analytics.use"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the fragment."""
        party = get_object_or_404(Party.objects.visible_to(request.user), pk=pk)
        return render(request, "analytics/why.html", {"scores": scores_of(party.customer_id)})
