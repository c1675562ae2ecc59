"""What every request gets: a limit to its body, the person's zone and language, an author for the history."""

from collections.abc import Callable
from typing import Any

import pghistory
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crm.lib.clock import user_zone

GetResponse = Callable[[HttpRequest], HttpResponse]
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class BodyLimitMiddleware:
    """Refuse a body that is announced as too large before a byte of it is read."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 413 with a sentence, or go on."""
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        if length > settings.MAX_UPLOAD_BYTES:
            limit = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
            # This stands before everybody else: the thread may still speak the language of the request before.
            with translation.override(translation.get_language_from_request(request)):
                message = _("This file is larger than %(limit)d MB. Split it and upload the parts.") % {"limit": limit}
                response = render(request, "413.html", {"message": message}, status=413)
            response["Connection"] = "close"
            return response
        return self.get_response(request)


class PersonMiddleware:
    """Show times in the person's zone and words in the person's language."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on in the person's zone and language."""
        user = request.user
        if user.is_authenticated:
            timezone.activate(user_zone(user))
            translation.activate(user.language)
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


class HistoryMiddleware:
    """Write the name of the person, and the page, beside each change made by a request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on inside a history context when something may be written."""
        if request.method not in WRITES:
            return self.get_response(request)
        user: Any = request.user
        actor = user.pk if user.is_authenticated else None
        with pghistory.context(user=actor, url=request.path):
            return self.get_response(request)
