"""What the carrier asks and tells: verified, counted once, answered with TwiML.

A message is one transaction: its key is written first, so a second copy waits for the first and gets the same answer.
The sender's signature covers the public address, which is a setting, never what the request says of itself.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from contactcentre.models import Webhook
from contactcentre.services import inbound
from crm.lib.channels import voice

INSERT = """
    INSERT INTO contactcentre_webhook (key, path, params, answer, at) VALUES (%s, %s, %s::jsonb, '', now())
    ON CONFLICT (key) DO NOTHING RETURNING id
"""


def key_of(path: str, params: dict[str, str], token: str) -> str:
    """Return what makes a message this message: where, what, and the carrier's mark of a repetition if it has one."""
    text = "\0".join([path, *(f"{name}={params[name]}" for name in sorted(params)), token])
    return hashlib.sha256(text.encode()).hexdigest()


def _once(request: HttpRequest, params: dict[str, str], handle: Callable[[], str]) -> str:
    """Handle a message unless it was handled before; return its answer."""
    key = key_of(request.path, params, request.headers.get("I-Twilio-Idempotency-Token", ""))
    with transaction.atomic():
        row = Webhook(key=key, path=request.path[:120], params=params)
        with connection.cursor() as cursor:
            field = Webhook._meta.get_field("params")
            cursor.execute(INSERT, [key, row.path, field.get_db_prep_save(params, connection)])
            made = cursor.fetchone()
        if made is None:
            return str(Webhook.objects.values_list("answer", flat=True).get(key=key))
        answer = handle()
        Webhook.objects.filter(pk=made[0]).update(answer=answer)
        return answer


def hook(handle: Callable[..., str]) -> Callable[..., HttpResponse]:
    """Make a view of a handler: POST only, 403 without the carrier's signature, each message once."""

    @csrf_exempt
    @require_POST
    @wraps(handle)
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        params = {name: str(value).replace("\0", "") for name, value in request.POST.items()}
        url = settings.PUBLIC_URL + request.get_full_path()
        if not voice.signed(url, request.POST, request.headers.get("X-Twilio-Signature", "")):
            return HttpResponse("The signature is not the carrier's.", status=403, content_type="text/plain")
        answer = _once(request, params, lambda: handle(params, **kwargs))
        return HttpResponse(answer, content_type="text/xml" if answer else "text/plain")

    return view


arrive = hook(inbound.arrive)
choice = hook(inbound.choose)
wait = hook(inbound.waiting)
left = hook(inbound.left)
status = hook(inbound.status)
bridge = hook(inbound.bridge)
leg = hook(inbound.leg)
room = hook(inbound.room)
