"""The server-sent events endpoint: reads a token, listens to the hub, touches no database."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.core import signing

from crm.live import channels_of
from crm.live.hub import Hub, Queue

HEARTBEAT = 15.0
LONGEST_LIFE = 1800.0
MOST_TOKENS = 40
hub = Hub()


async def _refuse(send: Callable[[Any], Awaitable[None]], status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


async def stream(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[Any], Awaitable[None]],
) -> None:
    """Answer GET /live/?token=…&token=… (one for each tab).

    One message a line pair, a comment as heartbeat, an end after half an hour.
    """
    tokens = parse_qs(scope.get("query_string", b"").decode()).get("token", [""])[:MOST_TOKENS]
    try:
        channels = sorted({channel for token in tokens for channel in channels_of(token)})
    except signing.BadSignature:
        return await _refuse(send, 403, "This page is too old to be live. Reload it.")
    queue = await hub.join(channels)
    gone = asyncio.create_task(_wait_gone(receive))
    headers = [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    try:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
        await _pass_on(queue, send, gone)
        with contextlib.suppress(Exception):
            await send({"type": "http.response.body", "body": b""})
    finally:
        hub.leave(channels, queue)
        gone.cancel()


async def _wait_gone(receive: Callable[[], Awaitable[MutableMapping[str, Any]]]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _pass_on(queue: Queue, send: Callable[[Any], Awaitable[None]], gone: asyncio.Task[None]) -> None:
    end = asyncio.get_running_loop().time() + LONGEST_LIFE
    while not gone.done() and asyncio.get_running_loop().time() < end:
        try:
            text = await asyncio.wait_for(queue.get(), HEARTBEAT)
        except TimeoutError:
            await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
            continue
        if text is None:
            return
        message = json.loads(text)
        body = f"event: message\ndata: {json.dumps(message)}\n\n".encode()
        await send({"type": "http.response.body", "body": body, "more_body": True})
