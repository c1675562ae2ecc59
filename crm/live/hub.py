"""One Redis connection a process, a set of queues per channel."""

import asyncio
import contextlib
import logging
from collections import defaultdict

from django.conf import settings
from redis import asyncio as redis
from redis.exceptions import RedisError

from crm.live import BYE, PREFIX

logger = logging.getLogger(__name__)
QUEUE_LENGTH = 200
PAUSE = 0.5
Queue = asyncio.Queue[str | None]


class Hub:
    """Hands each message of Redis to every open stream that listens to its channel."""

    def __init__(self) -> None:
        self._queues: dict[str, set[Queue]] = defaultdict(set)
        self._reader: asyncio.Task[None] | None = None
        self._over = False

    async def join(self, channels: list[str]) -> Queue:
        """Open a queue that gets the messages of these channels; None in it means: end."""
        queue: Queue = asyncio.Queue(QUEUE_LENGTH)
        if self._over:
            queue.put_nowait(None)
        for channel in channels:
            self._queues[channel].add(queue)
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read())
        return queue

    def leave(self, channels: list[str], queue: Queue) -> None:
        """Forget a queue."""
        for channel in channels:
            self._queues[channel].discard(queue)
            if not self._queues[channel]:
                del self._queues[channel]

    def end(self) -> None:
        """End every open stream, and each that is still opened; call it in the loop."""
        self._over = True
        for queue in {queue for queues in self._queues.values() for queue in queues}:
            self._put(queue, None)
        if self._reader:
            self._reader.cancel()

    async def _read(self) -> None:
        """Listen for ever; a lost connection is made anew, or the process would fall silent."""
        while True:
            try:
                # A blocking read must not run into redis-py's own time limit of five seconds.
                client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=None)
                async with client, client.pubsub() as pubsub:
                    await pubsub.psubscribe(PREFIX + "*")
                    await pubsub.subscribe(BYE)
                    async for message in pubsub.listen():
                        await self._dispatch(message)
            except (RedisError, OSError, TimeoutError) as error:
                logger.warning("Live updates lost Redis (%s); connecting again", error)
            await asyncio.sleep(PAUSE)

    async def _dispatch(self, message: dict[str, object]) -> None:
        if message["type"] == "message":
            for queue in {queue for queues in self._queues.values() for queue in queues}:
                self._put(queue, None)
        elif message["type"] == "pmessage":
            channel = bytes(message["channel"]).decode().removeprefix(PREFIX)  # type: ignore[call-overload]
            for queue in list(self._queues.get(channel, ())):
                self._put(queue, bytes(message["data"]).decode())  # type: ignore[call-overload]

    @staticmethod
    def _put(queue: Queue, text: str | None) -> None:
        """Add to a queue; a listener that does not read is ended, it will come again and fetch all anew."""
        if queue.full():
            with contextlib.suppress(asyncio.QueueEmpty):
                while True:
                    queue.get_nowait()
            text = None
        queue.put_nowait(text)
