"""What an agent does on the console: one POST a verb."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.models import CallEntry
from contactcentre.forms import wrap_up_form
from contactcentre.models import Call
from contactcentre.services import calling, presence, routing, wrapup
from contactcentre.views.console import call_context, state_context
from contacts.models import Party
from crm.ui.htmx import is_htmx, see_other, trigger
from crm.ui.views import HouseView


def console_url() -> str:
    """Return the console's address."""
    return reverse("contactcentre:console")


def mine(request: HttpRequest, pk: int) -> Call:
    """Return a call of the agent who asks, or 404."""
    found: Call = get_object_or_404(
        Call.objects.visible_to(request.user).select_related("entry__campaign", "contact"), pk=pk, agent=request.user
    )
    return found


def shown(request: HttpRequest, status: int = 200) -> HttpResponse:
    """Answer the call's part with the present state; without htmx, the console."""
    if not is_htmx(request):
        return see_other(request, console_url())
    call = calling.present(request.user)
    fresh = request.POST.get("notes_of", "") != str(call.pk if call else "")
    context = {**state_context(request.user), **call_context(request.user, call), "fresh_notes": fresh, "part": "call"}
    return render(request, "contactcentre/console.html#call", context, status=status)


class StateView(HouseView):
    """Choose a state."""

    permission = "calls.use"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take it, now or after the call."""
        presence.choose(request.user, request.POST.get("state", ""))
        routing.wake()
        if not is_htmx(request):
            return see_other(request, console_url())
        answer = render(request, "contactcentre/console.html#state", state_context(request.user))
        return trigger(answer, "live:call-changed")


class CallVerbView(HouseView):
    """Answer, decline, hold, mute, hang up."""

    permission = "calls.use"
    verbs: dict[str, Callable[..., Any]] = {
        "answer": calling.answer,
        "decline": calling.decline,
        "hang-up": calling.hang_up,
        "hold": lambda call, actor: calling.hold(call, actor=actor, on=not call.held),
        "mute": lambda call, actor: calling.mute(call, actor=actor, on=not call.muted),
    }

    def post(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """Do it."""
        if verb not in self.verbs:
            raise Http404
        self.verbs[verb](mine(request, pk), actor=request.user)
        return shown(request)


class NotesView(HouseView):
    """Keep the notes as they are typed."""

    permission = "calls.use"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep them."""
        wrapup.keep_notes(mine(request, pk), actor=request.user, notes=request.POST.get("notes", ""))
        return HttpResponse(status=204)


class WrapUpView(HouseView):
    """Write down how it went, and be free for the next."""

    permission = "calls.use"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it; a form that is not right comes back with everything in it."""
        call = mine(request, pk)
        form = wrap_up_form(call, request.POST)
        if not form.is_valid():
            context = {**call_context(request.user, call), "form": form, "agent": presence.agent_of(request.user)}
            return render(request, "contactcentre/console.html#notes", context, status=422)
        if request.POST.get("then") == "break":
            presence.choose(request.user, "break")
        wrapup.finish(call, actor=request.user, **form.cleaned_data)
        messages.success(request, _("The call is written down."))
        if call.entry and call.entry.campaign.mode == "preview" and call.entry.campaign.status == "running":
            return see_other(request, reverse("campaigns:work", args=[call.entry.campaign_id]))
        return see_other(request, console_url())


class DialView(HouseView):
    """Call a number: of a customer, of a list's entry, or as it was typed."""

    permission = "calls.use"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Let the agent's telephone ring, then theirs."""
        party, entry = None, None
        if (key := request.POST.get("party", "")).isdigit():
            party = get_object_or_404(Party.objects.visible_to(request.user), pk=key)
        if (key := request.POST.get("entry", "")).isdigit():
            entry = get_object_or_404(
                CallEntry.objects.select_related("contact", "campaign"), pk=key, agent=request.user
            )
        calling.dial(actor=request.user, number=request.POST.get("number", ""), party=party, entry=entry)
        return see_other(request, console_url())


class LinkView(HouseView):
    """Say who is on the telephone."""

    permission = "calls.use"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Find customers by what was typed."""
        call, words = mine(request, pk), request.GET.get("q", "").replace("\0", "").strip()[:100]
        rows = Party.objects.active().visible_to(request.user)
        found = rows.search(words).select_related("account").order_by("sort_name")[:6] if len(words) > 1 else []
        return render(request, "contactcentre/found.html", {"call": call, "found": found, "words": words})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Link."""
        call = mine(request, pk)
        party = get_object_or_404(Party.objects.active().visible_to(request.user), pk=request.POST.get("party") or 0)
        calling.link(call, actor=request.user, party=party)
        return shown(request)
