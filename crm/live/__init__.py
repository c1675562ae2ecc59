"""Live pages: after commit a message says which fragment to fetch again; the row is what is shown.

Messages may be lost or doubled without harm, a reload shows the same. Channels: `user:7`, `queue:2`, `job:9`, …
"""

import json
from collections.abc import Iterable
from functools import cache, partial
from typing import Any

import redis
from django.conf import settings
from django.core import signing
from django.db import transaction

TOKEN_SALT = "crm.live"
TOKEN_AGE = 12 * 3600
PREFIX = "live:"
BYE = "live-bye"


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL)


def token(channels: Iterable[str]) -> str:
    """Return a signed, short-lived right to listen to these channels; the endpoint needs no database for it."""
    return signing.dumps(sorted(set(channels)), salt=TOKEN_SALT, compress=True)


def channels_of(text: str) -> list[str]:
    """Return the channels of a token. Raises signing.BadSignature when forged or too old."""
    channels: list[str] = signing.loads(text, salt=TOKEN_SALT, max_age=TOKEN_AGE)
    return channels


def publish(channel: str, name: str, data: dict[str, Any] | None = None) -> None:
    """Tell the listeners of a channel, once the present transaction is committed."""
    transaction.on_commit(partial(send, channel, name, data or {}), robust=True)


def send(channel: str, name: str, data: dict[str, Any]) -> None:
    """Tell the listeners now."""
    _client().publish(PREFIX + channel, json.dumps({"channel": channel, "name": name, "data": data}))
