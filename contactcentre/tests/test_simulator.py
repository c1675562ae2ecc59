"""The simulator against the carrier's own client library, and a webhook receiver that checks every signature."""

import subprocess
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from contactcentre.simulator.webhooks import signature
from crm.embedded.dev import _free_port

ACCOUNT, TOKEN = "AC" + "1" * 32, "token"
MENU = (
    '<Response><Gather numDigits="1" action="{base}/choice" timeout="2"><Say>Press 1</Say></Gather>'
    "<Say>Nothing</Say></Response>"
)
WAIT = '<Response><Enqueue waitUrl="{base}/wait" action="{base}/left">sales</Enqueue></Response>'
ROOM = (
    '<Response><Dial><Conference statusCallback="{base}/conference" endConferenceOnExit="true" '
    'participantLabel="caller">room</Conference></Dial></Response>'
)


@pytest.fixture
def program():
    """A program that answers as an exchange would, and keeps what it was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            params = dict(parse_qsl(body, keep_blank_values=True))
            url = f"http://127.0.0.1:{self.server.server_port}{self.path}"
            assert RequestValidator(TOKEN).validate(url, params, self.headers["X-Twilio-Signature"])
            asked.append((self.path, params))
            base = f"http://127.0.0.1:{self.server.server_port}"
            text = {"/voice": MENU, "/choice": WAIT, "/room": ROOM}.get(self.path, "<Response/>").format(base=base)
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.asked = asked
    server.base = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()


@pytest.fixture
def sim(program):
    port = _free_port()
    command = [sys.executable, "-m", "contactcentre.simulator", "--port", str(port), "--account", ACCOUNT]
    command += ["--token", TOKEN, "--voice-url", f"{program.base}/voice", "--status-url", f"{program.base}/status"]
    process = subprocess.Popen(command)
    url = f"http://127.0.0.1:{port}"
    for _try in range(100):
        try:
            urllib.request.urlopen(f"{url}/sim/health", timeout=1)
            break
        except OSError:
            time.sleep(0.05)
    yield url
    process.terminate()
    process.wait(10)


@pytest.fixture
def client(sim):
    made = Client(ACCOUNT, TOKEN)
    made.api.base_url = sim
    return made


def wait_for(probe, seconds=5):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := probe():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def test_the_signature_is_the_carriers():
    params = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309",
              "To": "+18005551212"}  # fmt: skip
    assert signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", params) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_call_from_menu_to_conference(sim, client, program):
    placed = requests.post(
        f"{sim}/sim/calls", timeout=5,
        json={"from": "+12125550100", "to": "+15550001000", "script": [{"after": 0.3, "digits": "1"}]},
    ).json()  # fmt: skip
    wait_for(lambda: [path for path, _params in program.asked if path == "/wait"])
    assert client.calls(placed["sid"]).fetch().status == "in-progress"
    assert [queue.friendly_name for queue in client.queues.list()] == ["sales"]
    choice = next(params for path, params in program.asked if path == "/choice")
    assert choice["Digits"] == "1"

    agent = client.conferences("room").participants.create(
        from_="+15550001000", to="client:agent_7", label="agent-1", status_callback=f"{program.base}/leg",
        status_callback_event=["ringing", "answered", "completed"],
        conference_status_callback=f"{program.base}/conference",
    )  # fmt: skip
    wait_for(lambda: client.calls(agent.call_sid).fetch().status == "ringing")
    with pytest.raises(TwilioRestException) as twice:
        client.conferences("room").participants.create(from_="+1", to="client:agent_7", label="agent-1")
    assert twice.value.code == 16025
    requests.post(f"{sim}/sim/calls/agent-1/answer", timeout=5)
    client.queues("sales").members(placed["sid"]).update(url=f"{program.base}/room")
    wait_for(lambda: len(client.conferences("room").participants.list()) == 2)
    client.conferences("room").participants(placed["sid"]).update(hold=True)
    assert client.conferences("room").participants(placed["sid"]).fetch().hold
    client.conferences("room").participants("agent-1").update(muted=True)
    requests.post(f"{sim}/sim/calls/{placed['sid']}/hangup", timeout=5)
    wait_for(lambda: client.calls(agent.call_sid).fetch().status == "completed")

    def heard():
        return [params.get("StatusCallbackEvent") for path, params in program.asked if path == "/conference"]

    wait_for(lambda: "conference-end" in heard())
    assert {"participant-join", "conference-start", "participant-hold", "participant-mute"} <= set(heard())
    left = next(params for path, params in program.asked if path == "/left")
    assert left["QueueResult"] == "redirected"
    legs = [params["CallStatus"] for path, params in program.asked if path == "/leg"]
    assert sorted(legs) == ["completed", "in-progress", "ringing"]
    assert wait_for(lambda: [p for path, p in program.asked if path == "/status" and p["CallStatus"] == "completed"])


@pytest.mark.parametrize(("behaviour", "status"), [("busy", "busy"), ("no-answer", "no-answer"), ("fail", "failed")])
def test_parties_that_do_not_answer(sim, client, behaviour, status):
    requests.post(
        f"{sim}/sim/parties", json={"number": "+13105550100", "behaviour": behaviour, "answer_after": 0.05}, timeout=5
    )
    made = client.conferences("c").participants.create(from_="+15550001000", to="+13105550100", label="x")
    wait_for(lambda: client.calls(made.call_sid).fetch().status == status)


def test_a_caller_who_gives_up_leaves_the_queue(sim, program):
    script = [{"after": 0.1, "digits": "1"}, {"after": 0.8, "hangup": True}]
    requests.post(f"{sim}/sim/calls", json={"from": "+1212", "to": "+1555", "script": script}, timeout=5)
    left = wait_for(lambda: [params for path, params in program.asked if path == "/left"])
    assert left[0]["QueueResult"] == "hangup"


def test_chaos_brings_callbacks_twice(sim, program):
    requests.post(f"{sim}/sim/chaos", json={"duplicate": 1.0}, timeout=5)
    script = [{"after": 0.1, "hangup": True}]
    requests.post(f"{sim}/sim/calls", json={"from": "+1212", "to": "+1555", "script": script}, timeout=5)
    wait_for(lambda: len([path for path, _params in program.asked if path == "/status"]) == 2)


def test_a_wrong_token_is_refused(sim):
    other = Client(ACCOUNT, "wrong")
    other.api.base_url = sim
    with pytest.raises(TwilioRestException) as refused:
        other.calls("CA1").fetch()
    assert refused.value.status == 401
