"""Pages of the shell itself: home, search, change history."""

from typing import Any

from django.apps import apps
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from crm.accounts.permissions import can
from crm.lib import registry
from crm.ui.history import changes
from crm.ui.views.base import HouseView

HOMES = [("analytics", "analytics.manage", "analytics:dashboard"), ("contacts", "contacts.view", "contacts:list")]
LIMIT = 6


class HomeView(HouseView):
    """Where a person begins: agents at the console, managers at the dashboard, others at their customers."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Go there."""
        role = getattr(request.user.role, "key", "")
        if role == "agent" and apps.is_installed("contactcentre"):
            return HttpResponseRedirect(reverse("contactcentre:console"))
        for room, permission, url_name in HOMES:
            if apps.is_installed(room) and can(request.user, permission):
                return HttpResponseRedirect(reverse(url_name))
        return HttpResponseRedirect(reverse("accounts:profile"))


class SearchView(HouseView):
    """The palette's list: records of all rooms, then pages and commands."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the fragment for what was typed so far."""
        query = request.GET.get("q", "").replace("\0", "").strip()[:100]
        groups: list[tuple[Any, list[Any]]] = []
        if len(query) >= 2:
            for source in registry.searches():
                hits = list(source.find(request.user, query, LIMIT))
                if hits:
                    groups.append((source.label, hits))
        return render(request, "components/palette_results.html", {"groups": groups, "q": query})


class HistoryView(HouseView):
    """Who changed what, from what, to what, when: for a record the person may see."""

    def get(self, request: HttpRequest, label: str, pk: int) -> HttpResponse:
        """Answer the fragment."""
        try:
            model: Any = apps.get_model(label)
        except (LookupError, ValueError):
            raise Http404 from None
        if not hasattr(model, "pgh_event_model") or not hasattr(model.objects.all(), "visible_to"):
            raise Http404
        obj = get_object_or_404(model.objects.visible_to(request.user), pk=pk)
        return render(request, "components/history.html", {"changes": changes(obj)})
