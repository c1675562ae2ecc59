"""One port, two halves: `/live/` is asynchronous and touches no database, all else is Django on threads."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, MutableMapping
from types import FrameType
from typing import Any

from a2wsgi import WSGIMiddleware

from crm.wsgi import application as django_application

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

from crm.live import endpoint  # noqa: E402  (settings must be ready first)

wsgi = WSGIMiddleware(django_application, workers=int(os.environ.get("WEB_THREADS") or 4))


def end_streams_on(sign: int, loop: asyncio.AbstractEventLoop) -> None:
    """End the open streams when the signal comes: the server waits for them before it says that it stops.

    asyncio hears of signals through its wake-up descriptor, so a handler beside it takes nothing away.
    """
    before = signal.getsignal(sign)

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(endpoint.hub.end)
        if callable(before):
            before(number, frame)

    with contextlib.suppress(ValueError):  # not the main thread: somebody else handles signals
        signal.signal(sign, handle)


async def lifespan(receive: Receive, send: Send) -> None:
    """Answer the server's start and stop messages; end open streams on the way out."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            for sign in (signal.SIGINT, signal.SIGTERM):
                end_streams_on(sign, asyncio.get_running_loop())
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            endpoint.hub.end()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Send each request to its half."""
    if scope["type"] == "lifespan":
        return await lifespan(receive, send)

    # a2wsgi wants a coroutine function; the server's own `receive` is none, and bodies would fail.
    async def receive_as_coroutine() -> Message:
        return await receive()

    if scope["type"] == "http" and scope["path"].startswith("/live/"):
        return await endpoint.stream(scope, receive_as_coroutine, send)
    return await wsgi(scope, receive_as_coroutine, send)
