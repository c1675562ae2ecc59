"""What all house views share: who may, and what happens when a rule says no."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.views import View

from crm.accounts.permissions import can
from crm.lib.errors import DomainError
from crm.ui.htmx import is_htmx, toast


class HouseView(View):
    """Signed in, permitted, and a DomainError becomes a sentence for the person."""

    permission = ""
    title: Any = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check the person, run the verb, turn a refusal into 422 with its sentence."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if self.permission and not can(request.user, self.permission):
            raise PermissionDenied
        try:
            return super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            return refused(request, error)


def refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer a rule's no: a toast for a part of a page, a message on the page before for a whole one."""
    if is_htmx(request):
        response = toast(HttpResponse(status=422), error.message, level="error")
        response["HX-Reswap"] = "none"
        return response
    before = request.headers.get("Referer", "")
    if request.method == "POST" and before.startswith(f"{request.scheme}://{request.get_host()}/"):
        messages.error(request, error.message)
        return HttpResponseRedirect(before, status=303)
    return render(request, "422.html", {"message": error.message}, status=422)


def absolute(obj: Any) -> str:
    """Return the page of an object."""
    return str(obj.get_absolute_url())
