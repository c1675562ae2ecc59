"""The exchange at work: calls run their TwiML, callers wait, legs meet in conferences, callbacks go out."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any
from xml.etree import ElementTree

from contactcentre.simulator.model import Call, Conference, State
from contactcentre.simulator.webhooks import Webhooks

SAY_SECONDS = 0.15
Verb = Callable[[Call, ElementTree.Element, str], Coroutine[Any, Any, bool]]


class Engine:
    """Runs the calls of one exchange."""

    def __init__(self, account: str, token: str, voice_url: str = "", status_url: str = "") -> None:
        self.account, self.voice_url, self.status_url = account, voice_url, status_url
        self.state = State()
        self.hooks = Webhooks(token, self.state.log)
        self.verbs: dict[str, Verb] = {
            "Say": self._say, "Play": self._say, "Pause": self._pause, "Gather": self._gather, "Enqueue": self._enqueue,
            "Dial": self._dial, "Redirect": self._redirect, "Hangup": self._hangup, "Reject": self._reject,
        }  # fmt: skip

    # --- what a webhook carries --------------------------------------------------------------------------------------
    def params(self, call: Call, **more: str) -> dict[str, str]:
        """Return the parameters of every voice request."""
        return {
            "CallSid": call.sid, "AccountSid": self.account, "From": call.from_, "To": call.to, "Caller": call.from_,
            "Called": call.to, "CallStatus": call.status, "Direction": call.direction, "ApiVersion": "2010-04-01",
            **more,
        }  # fmt: skip

    def progress(self, call: Call, event: str) -> None:
        """Tell the status of a leg to whoever asked for this event."""
        if not call.callback or event not in call.callback_events:
            return
        more = {"SequenceNumber": str(call.sequence), "CallbackSource": "call-progress-events"}
        call.sequence += 1
        if call.over:
            more["CallDuration"] = str(int(call.ended - (call.answered or call.ended)))
        if call.label:
            more["ParticipantLabel"] = call.label
        self.hooks.tell(call.callback, self.params(call, **more))

    def conference_event(self, conference: Conference, event: str, call: Call | None = None, **more: str) -> None:
        """Tell what happened in a conference to whoever made it."""
        if not conference.callback:
            return
        params = {
            "ConferenceSid": conference.sid, "FriendlyName": conference.name, "AccountSid": self.account,
            "StatusCallbackEvent": event, "SequenceNumber": str(conference.sequence), "Timestamp": str(time.time()),
            **more,
        }  # fmt: skip
        conference.sequence += 1
        if call:
            params |= {"CallSid": call.sid, "Hold": str(call.hold).lower(), "Muted": str(call.muted).lower()}
            params |= {"ParticipantLabel": call.label} if call.label else {}
        self.hooks.tell(conference.callback, params)

    # --- calls begin and end -----------------------------------------------------------------------------------------
    def inbound(self, call: Call, script: list[dict[str, Any]]) -> None:
        """Let somebody call one of our numbers."""
        number = self.state.numbers.get(call.to, {})
        call.callback = number.get("status_callback") or self.status_url
        call.status = "ringing"
        self.state.calls[call.sid] = call
        self._start(call, self._answer_by_twiml(call, number.get("voice_url") or self.voice_url))
        self.play(call, script)

    def play(self, call: Call, script: list[dict[str, Any]]) -> None:
        """Let the party follow a script: [{"after": 1.0, "digits": "1"}, {"after": 30, "hangup": true}]."""
        for step in script:
            call.timers.append(asyncio.create_task(self._step(call, step)))

    async def _step(self, call: Call, step: dict[str, Any]) -> None:
        await asyncio.sleep(float(step.get("after", 0)))
        for digit in str(step.get("digits", "")):
            call.digits.put_nowait(digit)
        # Who gives up, gives up waiting: somebody who talks already stays on.
        if step.get("hangup") and not (step.get("unless") == "answered" and call.conference):
            self.end(call)

    def outbound(self, call: Call, then: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Dial somebody; `then` runs once they have answered."""
        self.state.calls[call.sid] = call
        self._start(call, self._ring(call, then))

    async def _ring(self, call: Call, then: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self.progress(call, "initiated")
        call.status = "ringing"
        self.progress(call, "ringing")
        how = self.state.behaviour(call.to)
        if how.kind in {"busy", "fail"}:
            await asyncio.sleep(how.answer_after)
            self.end(call, "busy" if how.kind == "busy" else "failed")
        elif await self._picked_up(call, how.kind, how.answer_after):
            call.status, call.answered = "in-progress", time.time()
            self.progress(call, "answered")
            if how.hangup_after:
                self.play(call, [{"after": how.hangup_after, "hangup": True}])
            await then()
        else:
            self.end(call, "busy" if call.rejected.is_set() else "no-answer")

    async def _picked_up(self, call: Call, kind: str, after: float) -> bool:
        if kind == "answer":
            await asyncio.sleep(after)
            return True
        waits = [asyncio.create_task(event.wait()) for event in (call.accepted, call.rejected)]
        timeout = after if kind == "no-answer" else call.timeout
        await asyncio.wait(waits, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return call.accepted.is_set()

    def _start(self, call: Call, work: Coroutine[Any, Any, None]) -> None:
        if call.task and call.task is not asyncio.current_task():
            call.task.cancel()
        call.task = asyncio.create_task(work)

    def end(self, call: Call, status: str = "completed") -> None:
        """Hang a leg up: it leaves its queue and its conference, and its end is told."""
        if call.over:
            return
        if status == "completed" and not call.answered and call.direction != "inbound":
            status = "canceled"
        call.status, call.ended = status, time.time()
        self._leave_queue(call, "hangup")
        if call.conference:
            self.leave(call)
        self.progress(call, "completed")
        for timer in call.timers:
            if timer is not asyncio.current_task():
                timer.cancel()
        if call.task and call.task is not asyncio.current_task():
            call.task.cancel()

    # --- TwiML --------------------------------------------------------------------------------------------------------
    async def _answer_by_twiml(self, call: Call, url: str) -> None:
        text = await self.hooks.ask(url, self.params(call))
        call.status, call.answered = "in-progress", time.time()
        await self.execute(call, text, url)

    def redirect(self, call: Call, url: str = "", twiml: str = "", **more: str) -> None:
        """Break off what a leg does and let it follow another document."""
        self._leave_queue(call, "redirected")
        if call.conference:
            self.leave(call)
        self._start(call, self._follow(call, url, twiml, more))

    async def _follow(self, call: Call, url: str, twiml: str, more: dict[str, str]) -> None:
        await self.execute(call, twiml or await self.hooks.ask(url, self.params(call, **more)), url)

    async def execute(self, call: Call, text: str, base: str) -> None:
        """Run a document to its end; then the leg is hung up. Verbs return whether the next one follows."""
        try:
            verbs = list(ElementTree.fromstring(text))  # noqa: S314  (our own program answers)
        except ElementTree.ParseError:
            self.end(call, "failed")
            return
        for verb in verbs:
            run = self.verbs.get(verb.tag)
            if run and (call.over or not await run(call, verb, base)):
                return
        self.end(call)

    async def _say(self, call: Call, verb: ElementTree.Element, base: str) -> bool:
        call.heard.append((verb.text or "").strip())
        await asyncio.sleep(SAY_SECONDS)
        return True

    async def _pause(self, call: Call, verb: ElementTree.Element, base: str) -> bool:
        await asyncio.sleep(float(verb.get("length", "1")))
        return True

    async def _gather(self, call: Call, verb: ElementTree.Element, base: str) -> bool:
        wanted, heard = int(verb.get("numDigits", "1")), ""
        for inner in verb:
            if call.digits.empty() and inner.tag in {"Say", "Play"}:
                await self._say(call, inner, base)
        try:
            while len(heard) < wanted:
                heard += await asyncio.wait_for(call.digits.get(), float(verb.get("timeout", "5")))
        except TimeoutError:
            pass
        if not heard:
            return True
        await self._follow(call, verb.get("action") or base, "", {"Digits": heard})
        return False

    async def _redirect(self, call: Call, verb: ElementTree.Element, base: str) -> bool:
        await self._follow(call, (verb.text or "").strip() or base, "", {})
        return False

    async def _hangup(self, call: Call, verb: ElementTree.Element, base: str) -> bool:
        self.end(call)
        return False

    async def _reject(self, call: Call, verb: ElementTree.Element, base: str) -> bool:
        self.end(call, "busy")
        return False

    async def _enqueue(self, call: Call, verb: ElementTree.Element, base: str) -> bool:
        queue = self.state.queue((verb.text or "").strip())
        queue.members.append(call)
        call.queue, call.queued_at = queue, time.time()
        call.callback_action = verb.get("action", "")  # type: ignore[attr-defined]
        if verb.get("waitUrl"):
            more = {"QueueSid": queue.sid, "QueuePosition": str(len(queue.members)), "QueueTime": "0"}
            await self.hooks.ask(verb.get("waitUrl", ""), self.params(call, **more))
        await asyncio.Event().wait()  # until redirected or hung up
        return False

    def _leave_queue(self, call: Call, result: str) -> None:
        if call.queue is None:
            return
        call.queue.members.remove(call)
        waited = str(int(time.time() - call.queued_at))
        action = getattr(call, "callback_action", "")
        more = {"QueueResult": result, "QueueSid": call.queue.sid, "QueueTime": waited}
        call.queue = None
        self.hooks.tell(action, self.params(call, **more))

    async def _dial(self, call: Call, verb: ElementTree.Element, base: str) -> bool:
        room = verb.find("Conference")
        if room is None:
            self.end(call, "failed")
            return False
        conference = self.state.conference((room.text or "").strip(), make=True)
        conference.callback = conference.callback or room.get("statusCallback", "")
        call.end_on_exit = room.get("endConferenceOnExit") == "true"
        call.label = room.get("participantLabel", call.label)
        self.join(call, conference)
        await asyncio.Event().wait()
        return False

    # --- conferences --------------------------------------------------------------------------------------------------
    def join(self, call: Call, conference: Conference) -> None:
        """Put a leg into a conference."""
        conference.members.append(call)
        call.conference = conference
        if conference.status == "init" and len(conference.members) > 1:
            conference.status = "in-progress"
            self.conference_event(conference, "conference-start", call)
        self.conference_event(conference, "participant-join", call)

    def leave(self, call: Call) -> None:
        """Take a leg out; the conference ends with its last leg, or with one that ends it."""
        conference = call.conference
        if conference is None:
            return
        conference.members.remove(call)
        call.conference = None
        self.conference_event(conference, "participant-leave", call, ParticipantCallStatus=call.status)
        if call.end_on_exit or not conference.members:
            reason = "participant-with-end-conference-on-exit-left" if call.end_on_exit else "last-participant-left"
            self.finish(conference, reason)

    def finish(self, conference: Conference, reason: str = "conference-ended-via-api") -> None:
        """End a conference and hang up everybody in it."""
        if conference.status == "completed":
            return
        conference.status = "completed"
        for member in list(conference.members):
            member.end_on_exit = False
            self.end(member)
        self.conference_event(conference, "conference-end", ReasonConferenceEnded=reason)
