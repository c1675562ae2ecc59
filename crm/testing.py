"""A pytest plugin: brings up the test pair of servers before Django reads its settings.

Named in pytest.ini. Several runs at once share the pair; each names its own database by RAPPORT_TEST_DB.
"""

import os

from crm.embedded import Instance, ensure

_held: list[int] = []


def _bring_up() -> None:
    instance = Instance.of_project(test=True)
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        _held.append(ensure(instance))
    os.environ.setdefault("DATABASE_URL", instance.urls.database)
    given = os.environ.setdefault("REDIS_URL", instance.urls.redis)
    if given.startswith("unix://"):
        # Every process of a parallel run has a Redis database of its own, which each test may empty.
        number = 3 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 12
        os.environ["REDIS_URL"] = f"{given.partition('?')[0]}?db={number}"


_bring_up()
