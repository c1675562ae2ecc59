"""Campaigns: mails and call lists, from draft to report."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms import CampaignForm
from campaigns.models import CallEntry, Campaign, Send
from campaigns.rules import words
from campaigns.services import calling, segmenting, sending
from campaigns.states import LEVELS, EntryState, SendState
from crm.accounts.permissions import can
from crm.lib.errors import DomainError
from crm.ui.htmx import see_other
from crm.ui.tables import Column
from crm.ui.views import ConfirmView, CreateView, EditView, HouseView, ListView, RecordView


class CampaignListView(ListView):
    """All campaigns."""

    permission = "campaigns.view"
    title = gettext_lazy("Campaigns")
    model = Campaign
    default_sort = "-started"
    nullable_sorts = ("started_at",)
    create_url = "campaigns:create"
    create_label = gettext_lazy("Campaign")
    views = {
        "all": (gettext_lazy("All"), lambda rows, user: rows),
        "email": (gettext_lazy("E-mail"), lambda rows, user: rows.filter(kind="email")),
        "call": (gettext_lazy("Calls"), lambda rows, user: rows.filter(kind="call")),
    }
    columns = (
        Column("name", gettext_lazy("Campaign"), sort="name", kind="link", url=lambda row: row.get_absolute_url()),
        Column("kind", gettext_lazy("Kind"), lambda row: row.get_kind_display()),
        Column("segment", gettext_lazy("Segment"), "segment.name", hide="phone"),
        Column(
            "status", gettext_lazy("Status"), lambda row: (row.get_status_display(), LEVELS[row.status]), kind="status"
        ),
        Column("started", gettext_lazy("Started"), "started_at", "started_at", "when", hide="phone"),
        Column("owner", gettext_lazy("Owner"), "owner", kind="person", hide="phone"),
    )

    def rows(self, queryset: Any) -> Any:
        """With what the cells name."""
        return queryset.select_related("segment", "owner")


class CampaignView(RecordView):
    """One campaign: what it says, whom it reaches, how it went."""

    model = Campaign
    permission = "campaigns.view"
    template_name = "campaigns/campaign.html"
    record_kind = "campaign"
    context_name = "campaign"

    def queryset(self, request: HttpRequest) -> Any:
        """With what the head names."""
        return super().queryset(request).select_related("segment", "owner", "job")

    def context(self, request: HttpRequest, obj: Campaign) -> dict[str, Any]:
        """Counts by state, or how many would be reached."""
        rows = obj.sends if obj.kind == "email" else obj.entries
        states: Any = SendState if obj.kind == "email" else EntryState
        counts = dict(rows.values_list("state").annotate(n=Count("pk")).order_by())
        draft = obj.status == "draft"
        reach, problem = None, ""
        if draft:
            try:
                reach = segmenting.count(obj.segment.rule)
            except DomainError as error:
                problem = error.message
        return {
            "counts": [(state, counts.get(state.value, 0)) for state in states],
            "total": sum(counts.values()),
            "outcomes": list(
                obj.entries.exclude(outcome="").values_list("outcome").annotate(n=Count("pk")).order_by("-n")
            ),
            "reach": reach,
            "problem": problem,
            "words": words(obj.segment.rule),
            "level": LEVELS[obj.status],
            "stuck": obj.kind == "email" and obj.status == "running" and not (obj.job and obj.job.is_live),
            "may_call": can(request.user, "calls.use"),
        }


class Saved:
    """What creating and editing share."""

    form_class = CampaignForm
    permission = "campaigns.create"

    def form_kwargs(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """The form needs to know who asks."""
        text = request.GET.get("segment", "")
        initial = {"segment": int(text)} if text.isdigit() else {}
        return {"user": request.user, **({"instance": obj} if obj else {"initial": initial})}

    def perform(self, form: Any, request: HttpRequest, obj: Any) -> Campaign:
        """Save a draft."""
        if form.instance.pk is None:
            form.instance.owner = request.user
        elif form.instance.status != "draft":
            raise DomainError(_("It has begun: what was sent cannot be changed any more."))
        campaign: Campaign = form.save()
        return campaign


class CampaignCreateView(Saved, CreateView):
    """A new campaign."""

    title = gettext_lazy("New campaign")
    submit_label = gettext_lazy("Save draft")


class CampaignEditView(Saved, EditView):
    """Change a draft."""

    model = Campaign
    title = gettext_lazy("Edit campaign")


class StartView(ConfirmView):
    """Send, or open the call list."""

    permission = "campaigns.edit"
    model = Campaign
    title = gettext_lazy("Start")
    verb = gettext_lazy("Start")

    def consequences(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Say whom it reaches."""
        n = segmenting.count(obj.segment.rule)
        if obj.kind == "email":
            return [
                _("%(n)s members get this mail, each who has said yes to offers by e-mail.") % {"n": f"{n:,}"},
                _("Consent is asked at the moment of sending; who is left out is listed with the reason."),
            ]
        return [
            _("%(n)s members go on the call list.") % {"n": f"{n:,}"},
            _("Consent and local hours are asked at the moment of dialling."),
        ]

    def perform(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        """Start it."""
        if obj.kind == "email":
            return reverse("jobs:progress", args=[sending.start(obj, actor=request.user).pk])
        calling.start(obj, actor=request.user)
        return obj


class TestSendView(HouseView):
    """Send one to myself."""

    permission = "campaigns.edit"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send it."""
        campaign = get_object_or_404(Campaign.objects.editable_by(request.user), pk=pk, kind="email")
        address = sending.send_test(campaign, actor=request.user)
        messages.success(request, _("A test is on its way to %(address)s.") % {"address": address})
        return see_other(request, campaign.get_absolute_url())


class VerbView(HouseView):
    """Pause, go on, end."""

    permission = "campaigns.edit"
    VERBS = {"pause": calling.pause, "resume": calling.resume, "end": calling.end, "rest": sending.go_on}

    def post(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Do it."""
        campaign = get_object_or_404(Campaign.objects.editable_by(request.user).select_related("job"), pk=pk)
        self.VERBS[verb](campaign, actor=request.user)
        return see_other(request, campaign.get_absolute_url())


class RecipientsView(ListView):
    """Who got the mail, who did not, and why."""

    permission = "campaigns.view"
    model = Send
    title = gettext_lazy("Recipients")
    searchable = False
    columns = (
        Column("contact", gettext_lazy("Contact"), "contact.name", url=lambda row: row.contact.get_absolute_url()),
        Column("address", gettext_lazy("Address")),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), kind="status"),
        Column("reason", gettext_lazy("Why")),
        Column("sent", gettext_lazy("Sent"), "sent_at", kind="when"),
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Remember which campaign."""
        self.campaign_id = kwargs.pop("pk")
        return super().dispatch(request, *args, **kwargs)

    def base(self, request: HttpRequest) -> Any:
        """Keep this campaign's rows, and a state when one is asked for."""
        campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=self.campaign_id)
        rows = self.model.objects.filter(campaign=campaign)
        return rows.filter(state=request.GET["state"]) if request.GET.get("state") else rows

    def rows(self, queryset: Any) -> Any:
        """With the contact."""
        return queryset.select_related("contact")


class EntriesView(RecipientsView):
    """Who is on the call list, and how it went."""

    model = CallEntry
    title = gettext_lazy("Call list")
    columns = (
        Column("contact", gettext_lazy("Contact"), "contact.name", url=lambda row: row.contact.get_absolute_url()),
        Column("phone", gettext_lazy("Number"), kind="phone"),
        Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), kind="status"),
        Column("outcome", gettext_lazy("How it went"), lambda row: row.get_outcome_display()),
        Column("attempts", gettext_lazy("Attempts"), kind="number"),
        Column("reason", gettext_lazy("Why"), hide="phone"),
        Column("next", gettext_lazy("Not before"), "not_before", kind="when", hide="phone"),
        Column("agent", gettext_lazy("Agent"), "agent", kind="person", hide="phone"),
    )

    def rows(self, queryset: Any) -> Any:
        """With contact and agent."""
        return queryset.select_related("contact", "agent")


def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The public page behind a mail's link: a GET shows the button, a POST does it, one click of a mailbox too."""
    row = sending.send_of(token)
    if row is None:
        return render(request, "campaigns/unsubscribe.html", {"unknown": True}, status=404)
    if request.method == "POST":
        sending.unsubscribe(row)
        row.refresh_from_db()
    return render(request, "campaigns/unsubscribe.html", {"row": row, "done": row.unsubscribed_at})
