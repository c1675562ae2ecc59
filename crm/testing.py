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
    os.environ.setdefault("REDIS_URL", instance.urls.redis)


_bring_up()
