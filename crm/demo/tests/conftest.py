"""Filling takes seconds, so the tests of a module share one database, which is thrown away after them."""

from contextlib import contextmanager

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def thrown_away(django_db_setup, django_db_blocker):
    """Make a context in which rows may be written that are gone after it."""

    @contextmanager
    def rows():
        with django_db_blocker.unblock(), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return rows
