"""Answers to htmx: fragments, toasts, redirects that the page follows."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string


def is_htmx(request: HttpRequest) -> bool:
    """Tell whether htmx asked for a part of a page."""
    return bool(getattr(request, "htmx", False))


def fragment(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a template or one of its partials (`app/page.html#part`)."""
    return HttpResponse(render_to_string(template, context or {}, request), status=status)


def toast(response: HttpResponse, text: Any, *, undo_url: str = "", level: str = "info") -> HttpResponse:
    """Let the page show a short message, with an undo button when there is a way back."""
    triggers = json.loads(response.headers.get("HX-Trigger", "{}"))
    triggers["toast"] = {"text": str(text), "undo": undo_url, "level": level}
    response["HX-Trigger"] = json.dumps(triggers)
    return response


def trigger(response: HttpResponse, *names: str) -> HttpResponse:
    """Let the page raise events, so that other parts fetch themselves again."""
    triggers = json.loads(response.headers.get("HX-Trigger", "{}"))
    response["HX-Trigger"] = json.dumps(triggers | dict.fromkeys(names, True))
    return response


def see_other(request: HttpRequest, url: str) -> HttpResponse:
    """Go to another page after a POST, by htmx or without."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303) if url else HttpResponse(status=204)
