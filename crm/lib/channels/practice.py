"""The control side of the telephone simulator: callers on demand, for development. The carrier has no such thing."""

from typing import Any

import requests
from django.conf import settings

from crm.lib.channels.voice import TIMEOUT, CarrierError


def _ask(method: str, path: str, **body: Any) -> Any:
    if not settings.SIMULATOR_URL:
        raise CarrierError("SIMULATOR_URL is not set.")
    try:
        answer = requests.request(method, settings.SIMULATOR_URL + path, json=body or None, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()
    except requests.RequestException as error:
        raise CarrierError(str(error)) from error


def call_us(number: str, to: str, *, digits: str = "", patience: int = 120) -> dict[str, Any]:
    """Let somebody call one of our numbers, press keys a second later, and give up after so many seconds."""
    script: list[dict[str, Any]] = [{"after": 1, "digits": digits}] if digits else []
    script.append({"after": patience, "hangup": True, "unless": "answered"})
    made: dict[str, Any] = _ask("POST", "/sim/calls", **{"from": number, "to": to, "script": script})
    return made


def live_calls() -> list[dict[str, Any]]:
    """Return the legs that are up."""
    found: list[dict[str, Any]] = _ask("GET", "/sim/calls?live=1")
    return found


def act(sid: str, verb: str, **body: Any) -> None:
    """Let a party answer, reject, hang up or press keys."""
    _ask("POST", f"/sim/calls/{sid}/{verb}", **body)


def behave(number: str, behaviour: str) -> None:
    """Say how a number behaves when we dial it; "*" is everybody."""
    _ask("POST", "/sim/parties", number=number, behaviour=behaviour, answer_after=2)
