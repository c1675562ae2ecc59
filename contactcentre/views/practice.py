"""“Telephone simulator”, only where one runs: demo customers call, and we see what their telephones do."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from contactcentre.forms import PracticeForm
from contactcentre.models import Queue
from contactcentre.services.setup import caller_id
from contacts.models import Party
from crm.lib.channels import practice
from crm.lib.channels.voice import CarrierError
from crm.lib.errors import DomainError
from crm.ui.htmx import is_htmx, see_other
from crm.ui.views import HouseView

BEHAVIOURS = ("answer", "busy", "no-answer", "fail")
VERBS = ("answer", "hangup", "digits")
SHOWN = 12


class PracticeMixin(HouseView):
    """Only with a simulator, and only for who runs the contact centre."""

    permission = "calls.manage"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Without a simulator there is no such page; when it is away, say so."""
        if not settings.SIMULATOR_URL:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


def _asked(what: Any) -> Any:
    try:
        return what()
    except CarrierError as error:
        raise DomainError(_("The simulator did not do it: %(why)s") % {"why": error}) from error


class PracticeView(PracticeMixin):
    """Who may call, and which legs are up."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the page, or the legs alone."""
        if is_htmx(request):
            return render(request, "contactcentre/practice.html#legs", {"legs": _asked(practice.live_calls)})
        return self.show(request, PracticeForm(queues=Queue.objects.all()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Let somebody call."""
        form = PracticeForm(request.POST, queues=Queue.objects.all())
        if not form.is_valid():
            return self.show(request, form, status=422)
        data = form.cleaned_data
        patience = data["patience"] or 120
        _asked(lambda: practice.call_us(data["number"], caller_id(), digits=data["key"], patience=patience))
        messages.success(request, _("%(number)s calls.") % {"number": data["number"]})
        return see_other(request, reverse("contactcentre:simulator"))

    @staticmethod
    def show(request: HttpRequest, form: PracticeForm, status: int = 200) -> HttpResponse:
        """Answer the page."""
        words = request.GET.get("q", "").replace("\0", "").strip()[:100]
        rows = Party.objects.active().visible_to(request.user).with_phone().exclude(first_phone=None)
        rows = (rows.search(words) if words else rows).with_scores("lifetime_value", "churn").order_by("pk")[:SHOWN]
        context = {
            "form": form, "people": rows, "q": words, "legs": _asked(practice.live_calls), "behaviours": BEHAVIOURS,
            "number": caller_id(), "queues": Queue.objects.exclude(digit=""),
        }  # fmt: skip
        return render(request, "contactcentre/practice.html", context, status=status)


class PracticeVerbView(PracticeMixin):
    """Let a party answer, hang up, press a key; or say how dialled numbers behave."""

    def post(self, request: HttpRequest, verb: str) -> HttpResponse:
        """Do it."""
        if verb == "behave" and request.POST.get("behaviour") in BEHAVIOURS:
            _asked(lambda: practice.behave("*", request.POST["behaviour"]))
            messages.success(request, _("From now on dialled numbers: %(how)s.") % {"how": request.POST["behaviour"]})
        elif verb in VERBS and request.POST.get("sid", "").isalnum():
            body = {"digits": request.POST.get("digits", "")[:1]} if verb == "digits" else {}
            _asked(lambda: practice.act(request.POST["sid"], verb, **body))
        else:
            raise Http404
        return see_other(request, reverse("contactcentre:simulator"))
