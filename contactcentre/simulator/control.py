"""What tests and the page “Telephone simulator” ask for: place calls, press keys, answer, behave, make chaos."""

import json
import random
from typing import Any

from aiohttp import web

from contactcentre.simulator.model import Behaviour, Call, Refusal, State, sid
from contactcentre.simulator.rest import ENGINE
from contactcentre.simulator.webhooks import Chaos

routes = web.RouteTableDef()


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        data = await request.json()
    except json.JSONDecodeError:
        raise Refusal(400, 0, "This is not JSON.") from None
    if not isinstance(data, dict):
        raise Refusal(400, 0, "This is not an object.")
    return data


def _shown(state: State, call: Call) -> dict[str, Any]:
    return {
        "sid": call.sid, "direction": call.direction, "from": call.from_, "to": call.to, "status": call.status,
        "label": call.label, "queue": call.queue.name if call.queue else "",
        "conference": call.conference.name if call.conference else "", "hold": call.hold, "muted": call.muted,
        "heard": call.heard[-5:],
    }  # fmt: skip


@routes.post("/sim/calls")
async def place(request: web.Request) -> web.Response:
    """Let somebody call: {"from", "to", "script": [{"after", "digits" | "hangup", "unless": "answered"}]}."""
    engine, data = request.app[ENGINE], await _json(request)
    call = Call(sid("CA"), "inbound", str(data["from"]), str(data["to"]))
    engine.inbound(call, list(data.get("script", [])))
    return web.json_response(_shown(engine.state, call), status=201)


@routes.get("/sim/calls")
async def calls(request: web.Request) -> web.Response:
    """List calls; `?live=1` leaves ended ones out."""
    state = request.app[ENGINE].state
    rows = [call for call in state.calls.values() if not (request.query.get("live") and call.over)]
    return web.json_response([_shown(state, call) for call in rows[-200:]])


@routes.post("/sim/calls/{call}/{verb}")
async def act(request: web.Request) -> web.Response:
    """Let a party answer, reject, hang up or press keys; a participant's label is as good as a call."""
    engine, verb = request.app[ENGINE], request.match_info["verb"]
    call = engine.state.call(request.match_info["call"])
    if verb == "answer":
        call.accepted.set()
    elif verb == "reject":
        call.rejected.set()
    elif verb == "hangup":
        engine.end(call)
    elif verb == "digits":
        for digit in str((await _json(request)).get("digits", "")):
            call.digits.put_nowait(digit)
    else:
        raise Refusal(404, 20404, f"A party cannot {verb}.")
    return web.json_response(_shown(engine.state, call))


@routes.post("/sim/parties")
async def behave(request: web.Request) -> web.Response:
    """Say how a dialled number behaves: {"number", "behaviour", "answer_after", "hangup_after"}; "*" is everybody."""
    data = await _json(request)
    kind = str(data.get("behaviour", "answer"))
    if kind not in {"answer", "busy", "no-answer", "fail", "manual"}:
        raise Refusal(400, 0, f"Nobody behaves like {kind!r}.")
    made = Behaviour(kind, float(data.get("answer_after", 0.3)), float(data.get("hangup_after") or 0))
    request.app[ENGINE].state.behaviours[str(data["number"])] = made
    return web.json_response({"number": data["number"], "behaviour": kind})


@routes.post("/sim/chaos")
async def chaos(request: web.Request) -> web.Response:
    """Let callbacks come twice, late or not at all: {"duplicate", "delay", "drop", "seed"}."""
    data = await _json(request)
    seed = int(data.get("seed", 1))
    numbers = {key: float(data.get(key, 0)) for key in ("duplicate", "delay", "drop")}
    request.app[ENGINE].hooks.chaos = Chaos(**numbers, seed=seed, dice=random.Random(seed))
    return web.json_response(data)


@routes.get("/sim/log")
async def log(request: web.Request) -> web.Response:
    """The last requests that were made, with what was answered."""
    return web.json_response(request.app[ENGINE].state.log[-500:])


@routes.post("/sim/reset")
async def reset(request: web.Request) -> web.Response:
    """Hang up everything and forget it."""
    engine = request.app[ENGINE]
    engine.hooks.chaos = Chaos()
    for call in list(engine.state.calls.values()):
        engine.end(call)
    engine.state = State()
    engine.hooks.journal = engine.state.log
    return web.json_response({})
