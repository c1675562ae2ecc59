"""The carrier: its REST API, its signatures, its TwiML. The only place that knows whose they are.

With TWILIO_API_URL set, the client talks to that address: the whole product runs against the simulator.
"""

from functools import cache
from typing import Any

import requests
from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

TIMEOUT = 8
GONE = 404
SAME_LABEL = 16025


class CarrierError(Exception):
    """The carrier did not do it."""


class NotThere(CarrierError):
    """The leg, queue member or conference does not exist (any more)."""


@cache
def client() -> Any:
    """Return the REST client."""
    made: Any = Client(
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=TwilioHttpClient(timeout=TIMEOUT)
    )
    if settings.TWILIO_API_URL:
        made.api.base_url = settings.TWILIO_API_URL
    return made


def _asked(what: Any) -> Any:
    """Run a request; its failures become ours."""
    try:
        return what()
    except TwilioRestException as error:
        raise (NotThere if error.status == GONE else CarrierError)(
            f"{error.status} {error.code}: {error.msg}"
        ) from error
    except (TwilioException, requests.RequestException) as error:
        raise CarrierError(str(error)) from error


def signed(url: str, params: Any, signature: str) -> bool:
    """Tell whether a request really comes from the carrier."""
    return bool(RequestValidator(settings.TWILIO_AUTH_TOKEN).validate(url, params, signature))


def add_participant(
    *, conference: str, to: str, from_: str, label: str, leg_url: str, room_url: str, timeout: int
) -> str:
    """Dial somebody into a conference; returns the call. A label that is in it already is not dialled twice."""
    room = client().conferences(conference)
    try:
        made = _asked(
            lambda: room.participants.create(
                from_=from_, to=to, label=label, timeout=timeout, early_media=False, end_conference_on_exit=False,
                status_callback=leg_url, status_callback_event=["ringing", "answered", "completed"],
                conference_status_callback=room_url, conference_status_callback_event=["start", "end", "join", "leave"],
            )
        )  # fmt: skip
    except CarrierError as error:
        if str(SAME_LABEL) in str(error):
            return ""
        raise
    return str(made.call_sid)


def take_from_queue(*, queue: str, call: str, url: str) -> None:
    """Let a waiting caller follow another document. Raises NotThere when they are gone."""
    found = _asked(lambda: client().queues.list(limit=200))
    key = next((row.sid for row in found if row.friendly_name == queue), None)
    if key is None:
        raise NotThere(f"no queue {queue}")
    _asked(lambda: client().queues(key).members(call).update(url=url))


def update_participant(*, conference: str, who: str, **values: Any) -> None:
    """Hold or mute somebody, by call or by label."""
    key = _conference(conference)
    _asked(lambda: client().conferences(key).participants(who).update(**values))


def _conference(name: str) -> str:
    found = _asked(lambda: client().conferences.list(friendly_name=name, status="in-progress", limit=1))
    found = found or _asked(lambda: client().conferences.list(friendly_name=name, limit=1))
    if not found:
        raise NotThere(f"no conference {name}")
    return str(found[0].sid)


def end_conference(name: str) -> None:
    """Hang everybody in it up; one that is over stays over."""
    try:
        key = _conference(name)
        _asked(lambda: client().conferences(key).update(status="completed"))
    except NotThere:
        return


def end_call(sid: str) -> None:
    """Hang a leg up; one that is over stays over."""
    try:
        _asked(lambda: client().calls(sid).update(status="completed"))
    except NotThere:
        return


def call_status(sid: str) -> str:
    """Return how a leg stands with the carrier; "completed" when it knows nothing of it."""
    try:
        return str(_asked(lambda: client().calls(sid).fetch()).status)
    except NotThere:
        return "completed"


def softphone(label: str, verb: str) -> None:
    """Let an agent's telephone answer or reject. The carrier's browser kit does it by itself; the simulator is told."""
    if not settings.SIMULATOR_URL:
        return
    try:
        requests.post(f"{settings.SIMULATOR_URL}/sim/calls/{label}/{verb}", timeout=TIMEOUT)
    except requests.RequestException as error:
        raise CarrierError(str(error)) from error


def softphone_token(identity: str) -> str:
    """Return the right of an agent's browser to be called, for an hour; empty without keys for it."""
    if not (settings.TWILIO_API_KEY and settings.TWILIO_API_SECRET):
        return ""
    token = AccessToken(
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_API_KEY, settings.TWILIO_API_SECRET, identity=identity, ttl=3600
    )
    token.add_grant(VoiceGrant(outgoing_application_sid=settings.TWILIO_APP_SID or None, incoming_allow=True))
    return str(token.to_jwt())


def menu(words: str, *, action: str, again: str) -> str:
    """Return the document of a menu of one digit; without a digit the caller goes on to `again`."""
    made = VoiceResponse()
    gather = Gather(num_digits=1, action=action, timeout=4)
    gather.say(words)
    made.append(gather)
    made.redirect(again)
    return str(made)


def wait_in(queue: str, *, words: str, wait_url: str, action: str) -> str:
    """Return the document that puts a caller into a queue."""
    made = VoiceResponse()
    made.say(words)
    made.enqueue(queue, wait_url=wait_url, action=action)
    return str(made)


def into_conference(name: str, *, room_url: str) -> str:
    """Return the document that brings a caller to the agent; when the caller leaves, it is over."""
    made = VoiceResponse()
    dial = Dial()
    dial.conference(
        name, status_callback=room_url, status_callback_event="start end join leave", end_conference_on_exit=True,
        participant_label="caller", beep=False,
    )  # fmt: skip
    made.append(dial)
    return str(made)


def say(*words: str) -> str:
    """Return a document that says something; with nothing to say it is empty."""
    made = VoiceResponse()
    for text in words:
        made.say(text)
    return str(made)
