"""Work done ahead in a thread, while the database is busy with what came before."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(source: Iterable[T]) -> Iterator[T]:
    """Yield what an iterable yields, each item made in a thread while the one before it is being worked on.

    The iterable must not ask the database: a thread has a connection of its own there. Its exceptions come through.
    """
    items = iter(source)
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(_following, items)
        while found := coming.result():
            coming = thread.submit(_following, items)
            yield found[0]


def _following(items: Iterator[T]) -> tuple[T, ...]:
    """Return the next item alone in a tuple, an empty one at the end: StopIteration may not pass a future."""
    for item in items:
        return (item,)
    return ()
