"""The customer's page, and what is done on it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.forms import AccountForm, ConsentForm, ContactForm, NoteForm, TaskForm
from contacts.models import Channel, Consent, Party, Purpose, Task, Touchpoint
from contacts.selectors import possible_duplicates
from contacts.services import consent, directory, timeline
from crm.lib import phones, registry
from crm.ui.htmx import fragment, see_other, toast, trigger
from crm.ui.views import ConfirmView, CreateView, EditView, HouseView, RecordView

FEED = 25


def feed_of(party: Party, *, key: str = "", before: str = "") -> dict[str, Any]:
    """Return a page of the timeline, newest first, filtered by kind and continued after an entry."""
    kinds = registry.timeline_kinds()
    rows = Touchpoint.objects.filter(customer_id=party.customer_id).select_related("actor", "contact")
    if key:
        rows = rows.filter(kind__in=[kind for kind, entry in kinds.items() if entry.filter_key == key])
    if before.isdigit() and (last := Touchpoint.objects.filter(pk=before).first()):
        rows = rows.filter(at__lt=last.at) | rows.filter(at=last.at, pk__lt=last.pk)
    found = list(rows.order_by("-at", "-id")[: FEED + 1])
    for touch in found:
        entry = kinds.get(touch.kind)
        touch.icon = entry.icon if entry else "circle-dot"  # type: ignore[attr-defined]
        touch.kind_label = entry.label if entry else touch.kind  # type: ignore[attr-defined]
    keys: dict[str, Any] = {entry.filter_key: entry.label for entry in reversed(kinds.values()) if entry.filter_key}
    more = found[FEED - 1].pk if len(found) > FEED else None
    return {"touchpoints": found[:FEED], "more": more, "feed_keys": sorted(keys), "feed_key": key}


def consents_of(party: Party) -> list[tuple[Any, list[tuple[Any, consent.Verdict]]]]:
    """Return the verdict for each purpose and channel, from the newest lines of the ledger."""
    newest = {
        (line.channel, line.purpose): line
        for line in Consent.objects.filter(party=party)
        .order_by("channel", "purpose", "-at", "-id")
        .distinct("channel", "purpose")
    }
    table = []
    for purpose in (Purpose.SERVICE, Purpose.MARKETING):
        row = [
            (channel, consent.judge(party.archived_at is None, newest.get((channel.value, purpose.value)), purpose))
            for channel in (Channel.EMAIL, Channel.PHONE)
        ]
        table.append((purpose, row))
    return table


class PartyView(RecordView):
    """The 360 page of a person or a firm."""

    model = Party
    permission = "contacts.view"
    template_name = "contacts/record.html"
    record_kind = "party"
    context_name = "party"

    def queryset(self, request: HttpRequest) -> Any:
        """With what the head shows."""
        return super().queryset(request).select_related("account", "owner")

    def context(self, request: HttpRequest, party: Party) -> dict[str, Any]:
        """Reach, consent, people, feed, composer."""
        numbers = list(party.phones.order_by("-is_primary", "pk"))
        zones = phones.zones(str(numbers[0].number)) if numbers else []
        return {
            "numbers": numbers,
            "mails": list(party.emails.order_by("-is_primary", "pk")),
            "address": party.addresses.order_by("-is_primary", "pk").first(),
            "zone": party.time_zone or (zones[0] if len(zones) == 1 else ""),
            "tags": list(party.tags.all()),
            "consents": consents_of(party),
            "people": list(party.people.order_by("sort_name")[:6]) if not party.is_person else [],
            "note_form": NoteForm(auto_id="note_%s"),
            "task_form": TaskForm(auto_id="task_%s"),
            "live_channel": f"customer:{party.customer_id}",
            **feed_of(party),
        }


class FeedView(HouseView):
    """The timeline as a fragment: filtered, or continued."""

    permission = "contacts.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the part."""
        party = get_object_or_404(Party.objects.visible_to(request.user), pk=pk)
        before = request.GET.get("before", "")
        context = {"party": party, **feed_of(party, key=request.GET.get("kind", ""), before=before)}
        return render(request, "contacts/feed_items.html" if before else "contacts/feed.html", context)


class NoteView(HouseView):
    """Write a note."""

    permission = "contacts.edit"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Write it, answer the fresh timeline."""
        party = get_object_or_404(Party.objects.editable_by(request.user), pk=pk)
        timeline.add_note(actor=request.user, party=party, body=request.POST.get("body", ""))
        answer = fragment(request, "contacts/feed.html", {"party": party, **feed_of(party)})
        return trigger(toast(answer, _("Note saved.")), "composer-done")


class TaskView(HouseView):
    """Plan a task."""

    permission = "contacts.edit"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Plan it, answer the fresh timeline; a wrong date keeps what was typed."""
        party = get_object_or_404(Party.objects.editable_by(request.user), pk=pk)
        form = TaskForm(request.POST, auto_id="task_%s")
        if not form.is_valid():
            words = " ".join(error for errors in form.errors.values() for error in errors)
            answer = HttpResponse(status=422, headers={"HX-Reswap": "none"})
            return toast(answer, words, level="error")
        timeline.add_task(actor=request.user, party=party, **form.cleaned_data)
        answer = fragment(request, "contacts/feed.html", {"party": party, **feed_of(party)})
        return trigger(toast(answer, _("Task planned.")), "composer-done", "tasks-changed")


class TasksPanelView(HouseView):
    """Open tasks of a customer."""

    permission = "contacts.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the fragment."""
        party = get_object_or_404(Party.objects.visible_to(request.user), pk=pk)
        tasks = Task.objects.filter(customer_id=party.customer_id, done_at=None).select_related("owner")
        return render(request, "contacts/tasks_panel.html", {"party": party, "tasks": tasks})


class TaskDoneView(HouseView):
    """Tick a task off."""

    permission = "contacts.edit"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Tick it."""
        task = get_object_or_404(Task.objects.editable_by(request.user), pk=pk)
        timeline.finish_task(task, actor=request.user)
        undo = reverse("contacts:task_reopen", args=[task.pk])
        return trigger(
            toast(HttpResponse(), _("Done: %(what)s") % {"what": task.subject}, undo_url=undo), "tasks-changed"
        )


class TaskReopenView(HouseView):
    """Take the tick back."""

    permission = "contacts.edit"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Open it again."""
        task = get_object_or_404(Task.objects.editable_by(request.user), pk=pk)
        timeline.reopen_task(task, actor=request.user)
        return trigger(toast(HttpResponse(), _("Open again.")), "tasks-changed")


class Saved:
    """What creating and editing share: a form with reach, address and tags."""

    def form_kwargs(self, request: HttpRequest, obj: Any) -> dict[str, Any]:
        """The form needs to know who asks."""
        kwargs: dict[str, Any] = {"user": request.user}
        if obj:
            kwargs["instance"] = Party.objects.get(pk=obj.pk)
        elif request.GET.get("phone"):
            kwargs["initial"] = {"phone": request.GET["phone"]}
        return kwargs

    def perform(self, form: Any, request: HttpRequest, obj: Any) -> Party:
        """Create or change, then address and tags."""
        values, data = form.values(), form.cleaned_data
        if obj:
            party = directory.update(obj, actor=request.user, values=values, phone=data["phone"], email=data["email"])
        else:
            make = directory.create_account if isinstance(form, AccountForm) else directory.create_contact
            numbers = [data["phone"]] if data["phone"] else []
            party = make(actor=request.user, phones=numbers, source="typed", **values)
            if data["email"]:
                directory.add_email(party, data["email"])
        if any(form.address().values()) or party.addresses.exists():
            directory.set_address(party, actor=request.user, **form.address())
        directory.set_tags(party, actor=request.user, names=form.tags())
        messages.success(request, _("Saved."))
        return party


class ContactCreateView(Saved, CreateView):
    """A new person."""

    permission = "contacts.create"
    form_class = ContactForm
    template_name = "contacts/form.html"
    title = gettext_lazy("New contact")
    submit_label = gettext_lazy("Save contact")


class AccountCreateView(Saved, CreateView):
    """A new firm."""

    permission = "contacts.create"
    form_class = AccountForm
    template_name = "contacts/form.html"
    title = gettext_lazy("New account")
    submit_label = gettext_lazy("Save account")


class PartyEditView(Saved, EditView):
    """Change a person or a firm."""

    permission = "contacts.edit"
    model = Party
    template_name = "contacts/form.html"
    title = gettext_lazy("Edit")

    def find(self, request: HttpRequest, **kwargs: Any) -> Party:
        """The kind of party decides the form."""
        party: Party = super().find(request, **kwargs)
        self.form_class = ContactForm if party.is_person else AccountForm
        return party


class DuplicatesView(HouseView):
    """Who may be the one being typed."""

    permission = "contacts.create"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer the fragment beside the form."""
        get = request.GET.get
        name = get("name") or f"{get('first_name', '')} {get('last_name', '')}".strip()
        number = phones.parse(get("phone", "")) or ""
        found = possible_duplicates(request.user, name=name, email=get("email", ""), phone=number)
        return render(request, "contacts/duplicates.html", {"found": found})


class ConsentView(ConfirmView):
    """Write a line into the ledger."""

    permission = "contacts.edit"
    model = Party
    form_class = ConsentForm
    title = gettext_lazy("Consent")
    verb = gettext_lazy("Write into the ledger")

    def consequences(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Say what a line does."""
        return [_("It counts from now on: campaigns and diallers ask the ledger at the moment they send or dial.")]

    def perform(self, request: HttpRequest, obj: Any, form: Any) -> Party:
        """Write it."""
        data = dict(form.cleaned_data)
        write = consent.grant if data.pop("granted") == "yes" else consent.withdraw
        write(actor=request.user, party=obj, source="typed", **data)
        party: Party = obj
        return party


class LedgerView(HouseView):
    """All lines of a party's ledger."""

    permission = "contacts.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer the page."""
        party = get_object_or_404(Party.objects.visible_to(request.user), pk=pk)
        lines = party.consents.select_related("recorded_by").order_by("-at", "-id")
        return render(request, "contacts/ledger.html", {"party": party, "object": party, "lines": lines})


class ArchiveView(ConfirmView):
    """Put a customer away, or take them back."""

    permission = "contacts.edit"
    model = Party
    danger = True
    title = gettext_lazy("Archive")
    verb = gettext_lazy("Archive")

    def consequences(self, request: HttpRequest, obj: Any) -> list[Any]:
        """Say what it means."""
        return [
            _("%(name)s leaves all lists, is not called and gets no mail.") % {"name": obj.name},
            _("Nothing is lost: the page stays, and there they can be taken back."),
        ]

    def perform(self, request: HttpRequest, obj: Any, form: Any) -> Party:
        """Do it."""
        directory.archive(obj, actor=request.user)
        party: Party = obj
        return party


class RestoreView(HouseView):
    """Take an archived customer back."""

    permission = "contacts.edit"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it."""
        party = get_object_or_404(Party.objects.editable_by(request.user), pk=pk)
        directory.restore(party, actor=request.user)
        return see_other(request, party.get_absolute_url())
