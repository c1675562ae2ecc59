"""Opportunities as a list, as a record, as a form, and the verbs that close them."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import Party
from contacts.views.records import feed_of
from crm.lib.clock import now
from crm.ui.htmx import see_other
from crm.ui.tables import Column
from crm.ui.views import ConfirmView, CreateView, EditView, HouseView, ListView, RecordView
from sales.filters import OpportunityFilter
from sales.forms import LoseForm, OpportunityForm, party_words
from sales.models import Opportunity
from sales.selectors import open_opportunities
from sales.services import pipeline
from sales.states import LEVELS


class OpportunityListView(ListView):
    """All opportunities."""

    permission = "sales.view"
    title = gettext_lazy("Opportunities")
    model = Opportunity
    template_name = "sales/list.html"
    filterset_class = OpportunityFilter
    default_sort = "-value"
    nullable_sorts = ("expected_close",)
    create_url = "sales:create"
    create_label = gettext_lazy("Opportunity")
    views = {
        "open": (gettext_lazy("Open"), lambda rows, user: rows.open()),
        "mine": (gettext_lazy("Mine"), lambda rows, user: rows.open().filter(owner=user)),
        "won": (gettext_lazy("Won"), lambda rows, user: rows.filter(status="won")),
        "lost": (gettext_lazy("Lost"), lambda rows, user: rows.filter(status="lost")),
        "all": (gettext_lazy("All"), lambda rows, user: rows),
    }
    columns = (
        Column("name", gettext_lazy("Opportunity"), sort="name", kind="link", url=lambda row: row.get_absolute_url()),
        Column("customer", gettext_lazy("Customer"), "customer.name", url=lambda row: row.customer.get_absolute_url()),
        Column("stage", gettext_lazy("Stage"), "stage.name", hide="phone"),
        Column(
            "status", gettext_lazy("Status"), lambda row: (row.get_status_display(), LEVELS[row.status]), kind="status"
        ),
        Column("value", gettext_lazy("Value"), sort="value", kind="money"),
        Column("close", gettext_lazy("Expected close"), "expected_close", "expected_close", "date", hide="phone"),
        Column("owner", gettext_lazy("Owner"), "owner", kind="person", hide="phone"),
    )

    def narrowed(self, request: HttpRequest) -> tuple[Any, Any]:
        """The first view counts unless another is asked for."""
        rows, filterset = super().narrowed(request)
        narrowing = {"view", "status"} & set(request.GET)
        return (rows if narrowing else rows.open()), filterset

    def rows(self, queryset: Any) -> Any:
        """With what the cells name."""
        return queryset.select_related("customer", "stage", "owner")


class OpportunityView(RecordView):
    """One opportunity: stages, facts, the customer's timeline."""

    model = Opportunity
    permission = "sales.view"
    template_name = "sales/opportunity.html"
    record_kind = "opportunity"
    context_name = "opportunity"

    def queryset(self, request: HttpRequest) -> Any:
        """With what the head names."""
        rows = super().queryset(request)
        return rows.select_related("customer", "contact", "owner", "stage__pipeline", "lost_reason")

    def context(self, request: HttpRequest, obj: Opportunity) -> dict[str, Any]:
        """Stages with days spent, and the feed."""
        steps = list(obj.steps.select_related("to_stage"))
        days: dict[int, timedelta] = {}
        for step, after in zip(steps, [*steps[1:], None], strict=True):
            until = after.at if after else obj.closed_at or now()
            days[step.to_stage_id] = days.get(step.to_stage_id, timedelta()) + (until - step.at)
        stages = list(obj.stage.pipeline.stages.all())
        for stage in stages:
            stage.days = days[stage.pk].days if stage.pk in days else None
            place = stage.position - obj.stage.position
            stage.css = "now" if place == 0 else "done" if place < 0 else "ahead"
        party = obj.contact or obj.customer
        customer_seen = Party.objects.visible_to(request.user).filter(pk=party.pk).exists()
        feed = feed_of(party) if customer_seen else {"touchpoints": []}
        return {"stages": stages, "party": party, "customer_seen": customer_seen, **feed}


class OpportunityCreateView(CreateView):
    """A new opportunity, from a customer's page with the customer filled in."""

    permission = "sales.create"
    form_class = OpportunityForm
    template_name = "sales/form.html"
    title = gettext_lazy("New opportunity")
    submit_label = gettext_lazy("Open opportunity")

    def form_kwargs(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """Who asks, and for whom."""
        text = request.GET.get("customer", "")
        party = Party.objects.visible_to(request.user).filter(pk=text).first() if text.isdigit() else None
        return {"user": request.user, "initial": {"customer": party_words(party)} if party else {}}

    def perform(self, form: Any, request: HttpRequest, obj: Any) -> Opportunity:
        """Open it."""
        data = dict(form.cleaned_data)
        party = data.pop("customer")
        contact = party if party.is_person else None
        return pipeline.open_opportunity(actor=request.user, customer=party, contact=contact, **data)


class OpportunityEditView(EditView):
    """Change an opportunity."""

    permission = "sales.edit"
    model = Opportunity
    form_class = OpportunityForm
    template_name = "sales/form.html"
    title = gettext_lazy("Edit opportunity")

    def form_kwargs(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """The form needs to know who asks."""
        return {"user": request.user, "instance": obj}

    def perform(self, form: Any, request: HttpRequest, obj: Any) -> Opportunity:
        """Save it."""
        data = dict(form.cleaned_data)
        party = data.pop("customer")
        values = {**data, "customer_id": party.customer_id, "contact": party if party.is_person else None}
        messages.success(request, _("Saved."))
        return pipeline.update(obj, actor=request.user, values=values)


class WinView(ConfirmView):
    """They buy it."""

    permission = "sales.edit"
    model = Opportunity
    title = gettext_lazy("Won")
    verb = gettext_lazy("Mark as won")

    def consequences(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Say what it means."""
        return [_("It leaves the board and stands on the customer's timeline. It can be taken up again.")]

    def perform(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        """Win it."""
        pipeline.win(obj, actor=request.user)
        return obj


class LoseView(ConfirmView):
    """They do not."""

    permission = "sales.edit"
    model = Opportunity
    form_class = LoseForm
    title = gettext_lazy("Lost")
    verb = gettext_lazy("Mark as lost")
    danger = True

    def perform(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        """Lose it."""
        pipeline.lose(obj, actor=request.user, **form.cleaned_data)
        return obj


class ReopenView(HouseView):
    """Take a closed one up again."""

    permission = "sales.edit"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        obj = get_object_or_404(Opportunity.objects.editable_by(request.user), pk=pk)
        pipeline.reopen(obj, actor=request.user)
        return see_other(request, obj.get_absolute_url())


class PartyPanelView(HouseView):
    """A customer's open opportunities."""

    permission = "sales.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the fragment."""
        party = get_object_or_404(Party.objects.visible_to(request.user), pk=pk)
        rows = open_opportunities(party.customer_id)
        return render(request, "sales/party_panel.html", {"party": party, "rows": rows})
