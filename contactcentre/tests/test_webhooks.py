"""What the carrier says: only the carrier may say it, and it may say it twice, late and in any order."""

from itertools import chain

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from contactcentre.models import Call, Offer, Webhook
from contactcentre.services import calling, inbound, presence, routing, setup
from contactcentre.services.legs import hook

ANY_ORDER = settings(
    max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HOOKS = [("voice",), ("choice",), ("wait", 1), ("left",), ("status",), ("bridge", 1), ("leg", 1), ("room", 1)]


@pytest.fixture
def say(client, settings):
    """Say something as the carrier does: `say("status", CallSid="CA1", CallStatus="completed")`."""

    def post(name, *args, token="", **params):
        url = hook(name, *args)
        key = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(url, params)
        headers = {"X-Twilio-Signature": key, "I-Twilio-Idempotency-Token": token}
        return client.post(url.removeprefix(settings.PUBLIC_URL), params, headers=headers)

    return post


@pytest.fixture
def offered(caller, available, hanna):
    """A call that rings at hanna's."""
    call = caller()
    available(hanna)
    routing.route()
    return Call.objects.get(pk=call.pk)


def label(call):
    return Offer.objects.get(call=call).participant


def row(call):
    """Return what a call's end comes to."""
    found = Call.objects.get(pk=call.pk)
    return found.status, found.result, found.ended_at is not None, found.answered_at is not None, found.agent_id


# --- only the carrier ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hook_args", HOOKS, ids=lambda args: args[0])
def test_unsigned_and_forged_messages_are_refused(client, offered, hook_args):
    path = reverse(f"contactcentre:hook_{hook_args[0]}", args=hook_args[1:])
    params = {"CallSid": offered.sid, "CallStatus": "completed", "QueueResult": "hangup"}
    forged = RequestValidator("another token").compute_signature(hook(*hook_args), params)
    before = row(offered)
    for headers in ({}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": forged}, {"X-Twilio-Signature": "é"}):
        assert client.post(path, params, headers=headers).status_code == 403
    assert client.get(path).status_code == 405
    assert row(offered) == before
    assert not Webhook.objects.exists()


def test_a_signature_holds_for_one_address_and_one_content(client, offered, settings):
    params = {"CallSid": "CA-other", "CallStatus": "completed"}
    key = RequestValidator(settings.TWILIO_AUTH_TOKEN).compute_signature(hook("status"), params)
    headers = {"X-Twilio-Signature": key}
    assert client.post("/calls/hooks/status/", params, headers=headers).status_code == 200
    changed = {**params, "CallSid": offered.sid}
    assert client.post("/calls/hooks/status/", changed, headers=headers).status_code == 403
    assert client.post("/calls/hooks/left/", params, headers=headers).status_code == 403
    assert client.post("/calls/hooks/status/?x=1", params, headers=headers).status_code == 403
    assert row(offered)[0] == "offered"


# --- once ------------------------------------------------------------------------------------------------------------


def test_the_same_message_again_gets_the_same_answer_and_changes_nothing(say, centre):
    params = {"CallSid": "CA77", "From": "+12125550177", "To": setup.MAIN, "CallStatus": "ringing"}
    first, again = say("voice", token="a", **params), say("voice", token="a", **params)
    assert first.content == again.content
    assert b"<Gather" in first.content
    assert Webhook.objects.count() == 1
    other = say("voice", token="b", **params)
    assert (other.status_code, other.content) == (200, first.content)
    assert Call.objects.count() == 1
    say("choice", CallSid="CA77", Digits="1")
    say("wait", centre.sales.pk, CallSid="CA77", QueueTime="0")
    queued = Call.objects.get()
    say("wait", centre.service.pk, CallSid="CA77", QueueTime="9")
    say("voice", token="c", **params)
    after = Call.objects.get()
    assert (after.status, after.queue, after.queued_at) == ("queued", centre.sales, queued.queued_at)


@pytest.mark.parametrize(
    "odd", ["", "anonymous", "client:somebody", "sip:a@b.example", "+1", "\0+12125550100", "1" * 90]
)
def test_odd_numbers_are_answered_too(say, centre, odd):
    answer = say("voice", CallSid="CA78", From=odd, To=odd)
    assert answer.status_code == 200
    assert Call.objects.get().status == "menu"


# --- any order -------------------------------------------------------------------------------------------------------
# Each life is what the carrier tells of one call once it rings at an agent's; the agent's own answer comes before it.


def talked(call):
    agent, sid = label(call), call.sid
    return ("ended", "answered"), [
        ("leg", call.pk, {"CallSid": "CAagent", "ParticipantLabel": agent, "CallStatus": "ringing"}),
        ("room", call.pk, {"CallSid": "CAagent", "ParticipantLabel": agent, "StatusCallbackEvent": "participant-join"}),
        ("left", {"CallSid": sid, "QueueResult": "redirected"}),
        ("room", call.pk, {"CallSid": sid, "ParticipantLabel": "caller", "StatusCallbackEvent": "participant-join"}),
        ("room", call.pk, {"CallSid": sid, "ParticipantLabel": "caller", "StatusCallbackEvent": "participant-leave"}),
        ("room", call.pk, {"StatusCallbackEvent": "conference-end"}),
        ("leg", call.pk, {"CallSid": "CAagent", "ParticipantLabel": agent, "CallStatus": "completed"}),
        ("status", {"CallSid": sid, "CallStatus": "completed"}),
    ]


def gave_up(call):
    agent, sid = label(call), call.sid
    return ("ended", "abandoned"), [
        ("leg", call.pk, {"CallSid": "CAagent", "ParticipantLabel": agent, "CallStatus": "ringing"}),
        ("left", {"CallSid": sid, "QueueResult": "hangup"}),
        ("status", {"CallSid": sid, "CallStatus": "completed"}),
        ("leg", call.pk, {"CallSid": "CAagent", "ParticipantLabel": agent, "CallStatus": "canceled"}),
    ]


def was_missed(call):
    agent = label(call)
    return ("queued", ""), [
        ("leg", call.pk, {"CallSid": "CAagent", "ParticipantLabel": agent, "CallStatus": "ringing"}),
        ("leg", call.pk, {"CallSid": "CAagent", "ParticipantLabel": agent, "CallStatus": "no-answer"}),
        ("room", call.pk, {"StatusCallbackEvent": "conference-end"}),
    ]


def dialled(call, end, result):
    agent, customer = label(call), f"customer-{call.pk}"
    told = [
        ("room", call.pk, {"CallSid": "CAagent", "ParticipantLabel": agent, "StatusCallbackEvent": "participant-join"}),
        ("leg", call.pk, {"CallSid": "CAcustomer", "ParticipantLabel": customer, "CallStatus": "ringing"}),
        ("leg", call.pk, {"CallSid": "CAcustomer", "ParticipantLabel": customer, "CallStatus": end}),
        ("leg", call.pk, {"CallSid": "CAagent", "ParticipantLabel": agent, "CallStatus": "completed"}),
        ("room", call.pk, {"StatusCallbackEvent": "conference-end"}),
    ]
    if result == "answered":
        event = {"CallSid": "CAcustomer", "ParticipantLabel": customer}
        told += [
            ("room", call.pk, {**event, "StatusCallbackEvent": f"participant-{verb}"}) for verb in ("join", "leave")
        ]
    return ("ended", result), told


def in_any_order(call, life):
    """Tell a life in every order, with repetitions, each time from the same beginning; all must end alike."""
    wanted, told = life
    orders = st.tuples(st.permutations(told), st.lists(st.sampled_from(told), max_size=4))

    @ANY_ORDER
    @given(orders)
    def tell(order):
        with transaction.atomic():
            for name, *address, params in chain(*order):
                getattr(inbound, name)(params, *address)
            assert row(call)[:2] == wanted
            assert row(call)[3] == (wanted[1] == "answered")
            transaction.set_rollback(True)

    tell()


def test_a_conversation_in_any_order(offered, hanna):
    calling.answer(offered, actor=hanna)
    in_any_order(offered, talked(offered))


def test_a_caller_who_gives_up_in_any_order(offered):
    in_any_order(offered, gave_up(offered))


def test_an_offer_that_is_missed_in_any_order(offered):
    in_any_order(offered, was_missed(offered))


@pytest.mark.parametrize(
    ("end", "result"), [("completed", "answered"), ("busy", "busy"), ("no-answer", "no_answer"), ("failed", "failed")]
)
def test_a_call_of_ours_in_any_order(centre, available, hanna, end, result):
    available(hanna)
    call = calling.dial(actor=hanna, number="+13125550190")
    in_any_order(call, dialled(call, end, result))


def test_an_old_agents_leg_does_not_touch_the_next_offer(say, offered, hanna, sam, available):
    first = label(offered)
    calling.decline(offered, actor=hanna)
    available(sam)
    routing.route()
    calling.answer(Call.objects.get(pk=offered.pk), actor=sam)
    for end in ("no-answer", "completed", "canceled"):
        say("leg", offered.pk, CallSid="CAagent", ParticipantLabel=first, CallStatus=end)
    assert row(offered)[:2] == ("connecting", "")
    assert presence.agent_of(sam).state == "busy"
