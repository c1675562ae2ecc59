"""Segments: the builder with its live count."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns import rules
from campaigns.forms import ROWS, rule_from
from campaigns.models import Segment
from campaigns.services import segmenting
from crm.accounts.permissions import can
from crm.lib import registry
from crm.lib.errors import DomainError
from crm.ui.htmx import see_other
from crm.ui.tables import Column
from crm.ui.views import HouseView, ListView

# Value looks ahead and counts the risk already: the dearest fifth with a risk of one half is nobody by construction.
EXAMPLE = {
    "match": "all",
    "terms": [
        {"attribute": "contacts.value_percentile", "op": "top", "value": "50"},
        {"attribute": "contacts.churn_risk", "op": "gt", "value": "20"},
    ],
}


class SegmentListView(ListView):
    """All segments."""

    permission = "campaigns.view"
    title = gettext_lazy("Segments")
    model = Segment
    default_sort = "name"
    create_url = "campaigns:segment_create"
    create_label = gettext_lazy("Segment")
    columns = (
        Column("name", gettext_lazy("Segment"), sort="name", kind="link", url=lambda row: row.get_absolute_url()),
        Column("rule", gettext_lazy("Who"), lambda row: "; ".join(rules.words(row.rule)), hide="phone"),
        Column("count", gettext_lazy("Members"), "count_cached", kind="number"),
        Column("counted", gettext_lazy("Counted"), "counted_at", kind="when", hide="phone"),
        Column("owner", gettext_lazy("Owner"), "owner", kind="person", hide="phone"),
    )

    def rows(self, queryset: Any) -> Any:
        """With the owner."""
        return queryset.select_related("owner")


def row_of(number: int, term: dict[str, Any]) -> dict[str, Any]:
    """Return what a row of the builder shows: its comparisons and choices follow its attribute."""
    entry = registry.attributes().get(term.get("attribute", ""))
    return {
        "number": number,
        "term": term,
        "entry": entry,
        "ops": rules.OPS[entry.type].items() if entry else [],
        "choices": entry.choices() if entry and entry.choices else [],
        "unit": "%" if entry and entry.type in {"share", "rank"} else "",
    }


def builder(rule: dict[str, Any]) -> dict[str, Any]:
    """Return the builder's rows for a rule."""
    terms = [*rule.get("terms", []), *({} for _row in range(ROWS))][:ROWS]
    return {
        "rows": [row_of(number, term) for number, term in enumerate(terms, start=1)],
        "attributes": registry.attributes().values(),
        "match": rule.get("match", "all"),
    }


def counted(rule: dict[str, Any]) -> dict[str, Any]:
    """Return how many fit and a few of them, or the sentence why not."""
    try:
        found = segmenting.members(rule)
        few = found.order_by("pk").with_scores("lifetime_value", "churn")[:5]
        return {"count": found.count(), "few": list(few)}
    except DomainError as error:
        return {"problem": error.message}


class SegmentFormView(HouseView):
    """Make or change a segment."""

    permission = "campaigns.create"

    def find(self, request: HttpRequest, pk: int | None) -> Segment | None:
        """Return the segment to change, or None for a new one."""
        return get_object_or_404(Segment.objects.editable_by(request.user), pk=pk) if pk else None

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show the builder."""
        segment = self.find(request, pk)
        rule = segment.rule if segment else EXAMPLE
        return self._show(request, segment, segment.name if segment else "", rule)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Keep it; what cannot be counted is not kept, and stays on the page with the reason."""
        segment, rule, name = (
            self.find(request, pk),
            rule_from(request.POST),
            request.POST.get("name", "").strip()[:120],
        )
        taken = Segment.objects.filter(name=name).exclude(pk=segment.pk if segment else None).exists()
        problem = "" if name else _("Give it a name.")
        problem = _("Another segment has this name.") if taken else problem
        if not problem:
            try:
                kept = segmenting.save(actor=request.user, name=name, rule=rule, segment=segment)
                return see_other(request, kept.get_absolute_url())
            except DomainError as error:
                problem = error.message
        return self._show(request, segment, name, rule, problem, status=422)

    @staticmethod
    def _show(
        request: HttpRequest, segment: Any, name: str, rule: dict[str, Any], problem: str = "", status: int = 200
    ) -> HttpResponse:
        context = {"object": segment, "name": name, "error": problem, **builder(rule), **counted(rule)}
        return render(request, "campaigns/segment_form.html", context, status=status)


class SegmentView(HouseView):
    """A segment: its rule in words, how many, a few of them, where it is used."""

    permission = "campaigns.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the page; it is counted anew."""
        segment = get_object_or_404(Segment.objects.visible_to(request.user).select_related("owner"), pk=pk)
        context = {
            "segment": segment,
            "words": rules.words(segment.rule),
            "any": segment.rule.get("match") == "any",
            "campaigns": segment.campaigns.order_by("-pk")[:10],
            "may_edit": can(request.user, "campaigns.edit"),
            **counted(segment.rule),
        }
        return render(request, "campaigns/segment.html", context)


class CountView(HouseView):
    """The live count beside the builder."""

    permission = "campaigns.create"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the fragment."""
        return render(request, "campaigns/count.html", counted(rule_from(request.GET)))


class RowView(HouseView):
    """A row of the builder after its attribute was chosen."""

    permission = "campaigns.create"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the row."""
        text = request.GET.get("row", "1")
        number = int(text) if text.isdigit() and 1 <= int(text) <= ROWS else 1
        term = {"attribute": request.GET.get(f"attribute_{number}", "")}
        context = {"row": row_of(number, term), "attributes": registry.attributes().values()}
        return render(request, "campaigns/row.html", context)
