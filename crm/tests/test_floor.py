"""The floor bears: people, visibility, history, outbox, jobs."""

import pytest
from django.db import connection, transaction

from crm import events
from crm.accounts.models import User
from crm.accounts.permissions import can, owner_ids
from crm.accounts.services import roles
from crm.events import outbox
from crm.events.models import OutboxEvent
from crm.lib.errors import StaleState
from crm.lib.state import move


def test_teams_are_a_tree_and_scope_follows_it(alice, bob, charlie, dana, hanna):
    assert owner_ids(alice, "contacts", "view") == {alice.pk, bob.pk}
    assert owner_ids(charlie, "contacts", "view") == {charlie.pk}
    assert owner_ids(dana, "contacts", "view") is None
    assert can(dana, "analytics.view")
    assert not can(alice, "settings.view")


def test_a_role_can_be_changed_without_a_release(alice, bob, root):
    roles.set_scope(actor=root, role=alice.role, kind="contacts", action="view", scope="own")
    alice = User.objects.get(pk=alice.pk)
    assert owner_ids(alice, "contacts", "view") == {alice.pk}


def test_no_write_goes_round_the_history(alice):
    User.objects.filter(pk=alice.pk).update(last_name="Updated")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET last_name = 'Raw' WHERE id = %s", [alice.pk])
    names = list(alice.events.order_by("pgh_id").values_list("pgh_label", "last_name"))
    assert names == [("insert", "Tester"), ("update", "Updated"), ("update", "Raw")]


@events.event(subject="user_id")
class Greeted:
    """Only for this test."""

    user_id: int
    words: str


heard: list[Greeted] = []


@events.subscribe(Greeted)
def listen(evt):
    if evt.words == "fail":
        raise RuntimeError("not now")
    heard.append(evt)


@pytest.mark.django_db(transaction=True)
def test_an_event_is_delivered_after_commit_and_not_when_rolled_back():
    heard.clear()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        events.publish(Greeted(user_id=1, words="lost"))
        raise ZeroDivisionError
    with transaction.atomic():
        events.publish(Greeted(user_id=1, words="hello"))
    assert outbox.deliver_pending() == 1
    assert heard == [Greeted(user_id=1, words="hello")]
    assert outbox.deliver_pending() == 0


@pytest.mark.django_db(transaction=True)
def test_a_failed_delivery_keeps_the_order_of_its_subject_and_does_not_hold_others():
    heard.clear()
    with transaction.atomic():
        events.publish(Greeted(user_id=1, words="fail"))
        events.publish(Greeted(user_id=1, words="after"))
        events.publish(Greeted(user_id=2, words="other"))
    outbox.deliver_pending()
    assert [evt.words for evt in heard] == ["other"]
    stuck = OutboxEvent.objects.get(payload__words="fail")
    assert stuck.attempts == 1
    assert "not now" in stuck.last_error


def test_a_move_from_a_state_that_is_gone_is_refused(alice):
    one = User.objects.filter(pk=alice.pk)
    move(one, old="auto", new="dark", field="theme")
    with pytest.raises(StaleState):
        move(one, old="auto", new="light", field="theme")
    assert one.get().theme == "dark"
