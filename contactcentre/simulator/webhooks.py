"""Requests to the program under test: signed as the carrier signs them, with switches for chaos."""

import asyncio
import base64
import hashlib
import hmac
import random
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp

TIMEOUT = 15


def signature(token: str, url: str, params: dict[str, str]) -> str:
    """Return the carrier's signature: HMAC-SHA1 over the address and the sorted parameters, in base64."""
    text = url + "".join(key + params[key] for key in sorted(params))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


@dataclass
class Chaos:
    """Chances between 0 and 1 that a callback comes twice, late, or not at all."""

    duplicate: float = 0
    delay: float = 0
    drop: float = 0
    seed: int = 1
    dice: random.Random = field(default_factory=lambda: random.Random(1))


class Webhooks:
    """Sends requests and keeps a journal of them."""

    def __init__(self, token: str, journal: list[dict[str, Any]]) -> None:
        self.token, self.journal, self.chaos = token, journal, Chaos()
        self.session: aiohttp.ClientSession | None = None
        self.pending: set[asyncio.Task[Any]] = set()

    async def open(self) -> None:
        """Make the client; inside the running loop."""
        self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))

    async def close(self) -> None:
        """Leave."""
        for task in self.pending:
            task.cancel()
        if self.session:
            await self.session.close()

    async def ask(self, url: str, params: dict[str, str]) -> str:
        """POST and return the TwiML; an empty document when there is none to be had."""
        status, text = await self._post(url, params, secrets.token_hex(16))
        return text if status == 200 else "<Response/>"

    def tell(self, url: str, params: dict[str, str]) -> None:
        """POST a callback in the background, through the chaos."""
        if not url:
            return
        dice, token = self.chaos.dice, secrets.token_hex(16)
        if dice.random() < self.chaos.drop:
            return
        copies = 2 if dice.random() < self.chaos.duplicate else 1
        for _copy in range(copies):
            wait = dice.random() * self.chaos.delay
            task = asyncio.create_task(self._later(wait, url, params, token))
            self.pending.add(task)
            task.add_done_callback(self.pending.discard)

    async def _later(self, wait: float, url: str, params: dict[str, str], token: str) -> None:
        if wait:
            await asyncio.sleep(wait)
        await self._post(url, params, token)

    async def _post(self, url: str, params: dict[str, str], token: str) -> tuple[int, str]:
        assert self.session
        headers = {"X-Twilio-Signature": signature(self.token, url, params), "I-Twilio-Idempotency-Token": token}
        began, status, text = time.monotonic(), 0, ""
        try:
            async with self.session.post(url, data=params, headers=headers) as answer:
                status, text = answer.status, await answer.text()
        except (TimeoutError, aiohttp.ClientError) as error:
            text = repr(error)
        self.journal.append(
            {"url": url, "params": params, "status": status, "ms": round(1000 * (time.monotonic() - began), 1),
             "at": time.time(), "answer": text[:500]}
        )  # fmt: skip
        del self.journal[:-2000]
        return status, text
