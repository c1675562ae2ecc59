"""The carrier's REST API, 2010-04-01, as far as an exchange of our own needs it."""

import base64
import hmac
from email.utils import formatdate
from typing import Any

from aiohttp import web

from contactcentre.simulator.engine import Engine
from contactcentre.simulator.model import Call, Conference, Refusal, sid

ROOT = "/2010-04-01/Accounts/{account}"
routes = web.RouteTableDef()
ENGINE = web.AppKey("engine", Engine)


@web.middleware
async def guard(request: web.Request, handler: Any) -> web.StreamResponse:
    """Ask for account and token, and turn refusals into the carrier's error documents."""
    engine = request.app[ENGINE]
    try:
        if request.path.startswith("/2010-04-01/"):
            wanted = base64.b64encode(f"{engine.account}:{engine.hooks.token}".encode()).decode()
            given = request.headers.get("Authorization", "").removeprefix("Basic ")
            if not hmac.compare_digest(wanted, given) or request.match_info.get("account") != engine.account:
                raise Refusal(401, 20003, "Authenticate")
        answer: web.StreamResponse = await handler(request)
        return answer
    except Refusal as error:
        body = {"code": error.code, "message": error.message, "status": error.status,
                "more_info": f"https://www.twilio.com/docs/errors/{error.code}"}  # fmt: skip
        return web.json_response(body, status=error.status)


def _page(request: web.Request, key: str, rows: list[dict[str, Any]]) -> web.Response:
    size, page = int(request.query.get("PageSize", "50")), int(request.query.get("Page", "0"))
    part = rows[page * size : (page + 1) * size]
    more = len(rows) > (page + 1) * size
    following = f"{request.path}?PageSize={size}&Page={page + 1}&PageToken=P{page + 1}" if more else None
    body = {key: part, "page": page, "page_size": size, "start": page * size, "end": page * size + len(part) - 1,
            "uri": request.path, "first_page_uri": f"{request.path}?PageSize={size}&Page=0",
            "next_page_uri": following, "previous_page_uri": None}  # fmt: skip
    return web.json_response(body)


async def _form(request: web.Request) -> dict[str, Any]:
    data = await request.post()
    return {key: data.getall(key) if key.endswith("Event") else data[key] for key in data}


def _events(form: dict[str, Any]) -> tuple[str, ...]:
    words = [word for text in form.get("StatusCallbackEvent", ["completed"]) for word in str(text).split()]
    return tuple(words) or ("completed",)


@routes.post(ROOT + "/Calls.json")
async def create_call(request: web.Request) -> web.Response:
    """Dial somebody and let them follow a document."""
    engine, form = request.app[ENGINE], await _form(request)
    if not form.get("To") or not form.get("From"):
        raise Refusal(400, 21201, "No 'To' or 'From' number is specified")
    call = Call(sid("CA"), "outbound-api", form["From"], form["To"], callback=form.get("StatusCallback", ""),
                callback_events=_events(form), timeout=float(form.get("Timeout", 60)))  # fmt: skip
    engine.outbound(call, lambda: engine._follow(call, form.get("Url", ""), form.get("Twiml", ""), {}))
    return web.json_response(call.as_json(engine.account), status=201)


@routes.get(ROOT + "/Calls.json")
async def list_calls(request: web.Request) -> web.Response:
    """List calls, newest first."""
    engine, query = request.app[ENGINE], request.query
    rows = [
        call.as_json(engine.account)
        for call in reversed(engine.state.calls.values())
        if query.get("To", call.to) == call.to
        and query.get("From", call.from_) == call.from_
        and query.get("Status", call.status) == call.status
    ]
    return _page(request, "calls", rows)


@routes.get(ROOT + "/Calls/{call}.json")
async def fetch_call(request: web.Request) -> web.Response:
    """One call."""
    engine = request.app[ENGINE]
    return web.json_response(engine.state.call(request.match_info["call"]).as_json(engine.account))


@routes.post(ROOT + "/Calls/{call}.json")
async def update_call(request: web.Request) -> web.Response:
    """Redirect a call, or end it."""
    engine, form = request.app[ENGINE], await _form(request)
    call = engine.state.call(request.match_info["call"])
    if form.get("Status") in {"completed", "canceled"}:
        engine.end(call)
    elif call.status != "in-progress":
        raise Refusal(400, 21220, "Call is not in-progress. Cannot redirect.")
    else:
        engine.redirect(call, form.get("Url", ""), form.get("Twiml", ""))
    return web.json_response(call.as_json(engine.account))


@routes.get(ROOT + "/Queues.json")
async def list_queues(request: web.Request) -> web.Response:
    """List queues."""
    engine = request.app[ENGINE]
    rows = [{"sid": q.sid, "friendly_name": q.name, "current_size": len(q.members), "account_sid": engine.account,
             "average_wait_time": 0, "max_size": 5000} for q in engine.state.queues.values()]  # fmt: skip
    return _page(request, "queues", rows)


@routes.post(ROOT + "/Queues/{queue}/Members/{call}.json")
async def dequeue(request: web.Request) -> web.Response:
    """Take a caller out of a queue and let them follow another document."""
    engine, form = request.app[ENGINE], await _form(request)
    queue = engine.state.queue(request.match_info["queue"])
    key = request.match_info["call"]
    call = next((member for member in queue.members if key in {"Front", member.sid}), None)
    if call is None:
        raise Refusal(404, 20404, f"{key} is not in this queue")
    position = queue.members.index(call) + 1
    engine.redirect(call, form.get("Url", ""))
    body = {"call_sid": call.sid, "position": position, "wait_time": 0, "date_enqueued": formatdate(call.queued_at),
            "queue_sid": queue.sid, "uri": request.path}  # fmt: skip
    return web.json_response(body)


@routes.get(ROOT + "/Conferences.json")
async def list_conferences(request: web.Request) -> web.Response:
    """List conferences."""
    engine, query = request.app[ENGINE], request.query
    rows = [
        conference.as_json(engine.account)
        for conference in engine.state.conferences.values()
        if query.get("FriendlyName", conference.name) == conference.name
        and query.get("Status", conference.status) == conference.status
    ]
    return _page(request, "conferences", rows)


@routes.get(ROOT + "/Conferences/{conference}.json")
async def fetch_conference(request: web.Request) -> web.Response:
    """One conference."""
    engine = request.app[ENGINE]
    return web.json_response(engine.state.conference(request.match_info["conference"]).as_json(engine.account))


@routes.post(ROOT + "/Conferences/{conference}.json")
async def update_conference(request: web.Request) -> web.Response:
    """End a conference."""
    engine, form = request.app[ENGINE], await _form(request)
    conference = engine.state.conference(request.match_info["conference"])
    if form.get("Status") == "completed":
        engine.finish(conference)
    return web.json_response(conference.as_json(engine.account))


def _participant(engine: Engine, conference: Conference, call: Call) -> dict[str, Any]:
    states = {"in-progress": "connected", "queued": "queued", "ringing": "ringing"}
    return {
        "account_sid": engine.account, "call_sid": call.sid, "conference_sid": conference.sid, "label": call.label,
        "hold": call.hold, "muted": call.muted, "end_conference_on_exit": call.end_on_exit,
        "status": states.get(call.status, "complete"), "start_conference_on_enter": True,
        "uri": f"/2010-04-01/Accounts/{engine.account}/Conferences/{conference.sid}/Participants/{call.sid}.json",
    }  # fmt: skip


@routes.post(ROOT + "/Conferences/{conference}/Participants.json")
async def create_participant(request: web.Request) -> web.Response:
    """Dial somebody into a conference, which is made when it does not exist."""
    engine, form = request.app[ENGINE], await _form(request)
    conference = engine.state.conference(request.match_info["conference"], make=True)
    label = form.get("Label", "")
    alive = [call for call in engine.state.calls.values() if label and call.label == label and not call.over]
    if alive:
        raise Refusal(400, 16025, "A participant with this label is in the conference already")
    conference.callback = conference.callback or form.get("ConferenceStatusCallback", "")
    call = Call(sid("CA"), "outbound-api", form["From"], form["To"], callback=form.get("StatusCallback", ""),
                callback_events=_events(form), timeout=float(form.get("Timeout", 60)), label=label,
                end_on_exit=form.get("EndConferenceOnExit") == "true")  # fmt: skip

    async def join() -> None:
        if conference.status == "completed":
            engine.end(call)
        else:
            engine.join(call, conference)

    engine.outbound(call, join)
    return web.json_response(_participant(engine, conference, call), status=201)


@routes.get(ROOT + "/Conferences/{conference}/Participants.json")
async def list_participants(request: web.Request) -> web.Response:
    """List who is in a conference."""
    engine = request.app[ENGINE]
    conference = engine.state.conference(request.match_info["conference"])
    rows = [_participant(engine, conference, call) for call in conference.members]
    return _page(request, "participants", rows)


@routes.get(ROOT + "/Conferences/{conference}/Participants/{call}.json")
async def fetch_participant(request: web.Request) -> web.Response:
    """One participant, by call or label."""
    engine = request.app[ENGINE]
    conference = engine.state.conference(request.match_info["conference"])
    call = engine.state.call(request.match_info["call"])
    return web.json_response(_participant(engine, conference, call))


@routes.post(ROOT + "/Conferences/{conference}/Participants/{call}.json")
async def update_participant(request: web.Request) -> web.Response:
    """Hold or mute."""
    engine, form = request.app[ENGINE], await _form(request)
    conference = engine.state.conference(request.match_info["conference"])
    call = engine.state.call(request.match_info["call"])
    if call.conference is not conference:
        raise Refusal(404, 20404, "That participant is not in this conference")
    for key, name, words in (("Hold", "hold", ("hold", "unhold")), ("Muted", "muted", ("mute", "unmute"))):
        if key in form:
            wanted = str(form[key]).lower() == "true"
            if getattr(call, name) != wanted:
                setattr(call, name, wanted)
                engine.conference_event(conference, f"participant-{words[0] if wanted else words[1]}", call)
    return web.json_response(_participant(engine, conference, call))


@routes.delete(ROOT + "/Conferences/{conference}/Participants/{call}.json")
async def kick(request: web.Request) -> web.Response:
    """Take somebody out."""
    engine = request.app[ENGINE]
    engine.end(engine.state.call(request.match_info["call"]))
    return web.Response(status=204)


@routes.post(ROOT + "/IncomingPhoneNumbers.json")
async def create_number(request: web.Request) -> web.Response:
    """Buy a number and say which addresses answer for it."""
    engine, form = request.app[ENGINE], await _form(request)
    number = {"sid": sid("PN"), "phone_number": form["PhoneNumber"], "voice_url": form.get("VoiceUrl", ""),
              "status_callback": form.get("StatusCallback", ""), "account_sid": engine.account}  # fmt: skip
    engine.state.numbers[form["PhoneNumber"]] = number
    return web.json_response(number, status=201)


@routes.get(ROOT + "/IncomingPhoneNumbers.json")
async def list_numbers(request: web.Request) -> web.Response:
    """List numbers."""
    return _page(request, "incoming_phone_numbers", list(request.app[ENGINE].state.numbers.values()))
