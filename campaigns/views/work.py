"""An agent works through a call list in preview: see, dial, say how it went."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.forms import OutcomeForm
from campaigns.models import CallEntry, Campaign
from campaigns.services import calling
from campaigns.states import Outcome
from contacts.selectors import last_touchpoints, scores_of
from crm.ui.htmx import see_other
from crm.ui.views import HouseView


class WorkView(HouseView):
    """The next customer of a list."""

    permission = "calls.use"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show who is in hand."""
        campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk, kind="call")
        return self.show(request, campaign, calling.present(campaign, request.user), OutcomeForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the next."""
        campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk, kind="call")
        entry = calling.present(campaign, request.user) or calling.claim_next(campaign, request.user)
        if entry is None:
            return self.show(request, campaign, None, OutcomeForm(), nobody=True)
        return see_other(request, reverse("campaigns:work", args=[campaign.pk]))

    @staticmethod
    def show(
        request: HttpRequest,
        campaign: Campaign,
        entry: CallEntry | None,
        form: Any,
        status: int = 200,
        nobody: bool = False,
    ) -> HttpResponse:
        """Answer the page."""
        context: dict[str, Any] = {
            "campaign": campaign,
            "object": campaign,
            "entry": entry,
            "form": form,
            "nobody": nobody,
        }
        if entry:
            context["scores"] = scores_of(entry.contact.customer_id)
            context["touchpoints"] = last_touchpoints(entry.contact.customer_id)
            context["verdict"] = calling.check(entry)
        return render(request, "campaigns/work.html", context, status=status)


class OutcomeView(HouseView):
    """How it went, then the next."""

    permission = "calls.use"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write it down."""
        rows = CallEntry.objects.select_related("campaign", "contact").filter(agent=request.user)
        entry = get_object_or_404(rows, pk=pk)
        form = OutcomeForm(request.POST)
        if (
            form.is_valid()
            and form.cleaned_data["outcome"] == Outcome.CALLBACK
            and not form.cleaned_data["callback_at"]
        ):
            form.add_error("callback_at", _("Say when to call back."))
        if not form.is_valid():
            return WorkView.show(request, entry.campaign, entry, form, status=422)
        calling.record_outcome(entry, actor=request.user, **form.cleaned_data)
        calling.claim_next(entry.campaign, request.user)
        return see_other(request, reverse("campaigns:work", args=[entry.campaign_id]))
