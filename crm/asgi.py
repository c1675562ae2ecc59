"""One port, two halves: `/live/` is asynchronous and touches no database, all else is Django on threads."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware

from crm.wsgi import application as django_application

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

from crm.live import endpoint  # noqa: E402  (settings must be ready first)

wsgi = WSGIMiddleware(django_application, workers=int(os.environ.get("WEB_THREADS", "4")))


async def lifespan(receive: Receive, send: Send) -> None:
    """Answer the server's start and stop messages; close open streams on the way out."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await endpoint.hub.close()
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
