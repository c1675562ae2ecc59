"""Forms about customers."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from contacts.models import Basis, Channel, Party, Purpose
from contacts.services import importing
from crm.accounts.models import User
from crm.lib import phones
from crm.ui.forms import DateInput, DateTimeInput, HouseForm, HouseHelper, HouseModelForm, pair

ADDRESS = ("line1", "postal_code", "city", "region", "country")
WHERE = Fieldset(gettext_lazy("Address"), "line1", pair("postal_code", "city"), pair("region", "country"))
OURS = Fieldset(gettext_lazy("With us"), "owner", "tags_text")


class PartyForm(HouseModelForm):
    """What persons and firms share: reach, address, owner, tags."""

    phone = forms.CharField(
        label=gettext_lazy("Telephone"), required=False, max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    line1 = forms.CharField(label=gettext_lazy("Street"), required=False, max_length=200)
    postal_code = forms.CharField(label=gettext_lazy("Postal code"), required=False, max_length=20)
    city = forms.CharField(label=gettext_lazy("City"), required=False, max_length=100)
    region = forms.CharField(label=gettext_lazy("Region"), required=False, max_length=100)
    country = forms.CharField(label=gettext_lazy("Country, two letters"), required=False, max_length=2)
    tags_text = forms.CharField(label=gettext_lazy("Tags, separated by commas"), required=False, max_length=300)

    class Meta:
        model = Party
        fields = ("owner",)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.filter(is_active=True, is_system=False)  # type: ignore[attr-defined]
        self.fields["owner"].initial = user.pk
        if self.instance.pk:
            self._fill(self.instance)

    def _fill(self, party: Party) -> None:
        phone = party.phones.order_by("-is_primary", "pk").first()
        email = party.emails.order_by("-is_primary", "pk").first()
        address = party.addresses.order_by("-is_primary", "pk").first()
        self.initial["phone"] = phones.show(str(phone.number)) if phone else ""
        self.initial["email"] = email.address if email else ""
        self.initial["tags_text"] = ", ".join(tag.name for tag in party.tags.all())
        self.initial.update({name: getattr(address, name, "") for name in ADDRESS})

    def clean_phone(self) -> str:
        """Refuse what cannot be dialled."""
        text: str = self.cleaned_data["phone"].strip()
        number = phones.parse(text) if text else ""
        if number is None:
            raise forms.ValidationError(
                _("This is not a telephone number. Write it with its country, as in +1 212 555 0100.")
            )
        return number

    def values(self) -> dict[str, Any]:
        """Return the party's own columns."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def address(self) -> dict[str, str]:
        """Return the postal address."""
        return {name: self.cleaned_data[name] for name in ADDRESS}

    def tags(self) -> list[str]:
        """Return the tags' names."""
        return [name for name in self.cleaned_data["tags_text"].split(",") if name.strip()]


class ContactForm(PartyForm):
    """A person."""

    helper = HouseHelper(
        Fieldset(gettext_lazy("Who"), pair("first_name", "last_name"), pair("title", "birthday"), "account"),
        Fieldset(gettext_lazy("Reach"), pair("phone", "email"), pair("language", "time_zone")),
        WHERE,
        OURS,
    )

    class Meta:
        model = Party
        fields = ("first_name", "last_name", "title", "birthday", "account", "language", "time_zone", "owner")
        widgets = {"birthday": DateInput()}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        accounts = Party.objects.organisations().active().visible_to(user)
        chosen = self.data.get("account") or (self.instance.account_id if self.instance.pk else None)
        field: Any = self.fields["account"]
        # Firms may be many: the list offers the first of them, and the one that is chosen.
        known = list(accounts.order_by("sort_name").values_list("pk", flat=True)[:300])
        field.queryset = accounts.filter(pk__in=[*known, *([int(chosen)] if str(chosen or "").isdigit() else [])])
        self.order_fields(("first_name", "last_name", "title", "birthday", "account", "phone", "email"))

    def clean(self) -> dict[str, Any]:
        """A person needs a name."""
        values: dict[str, Any] = super().clean() or {}
        if not (values.get("first_name") or values.get("last_name")):
            self.add_error("last_name", _("Write a first or a last name."))
        return values


class AccountForm(PartyForm):
    """A firm."""

    helper = HouseHelper(
        Fieldset(gettext_lazy("Who"), "name"), Fieldset(gettext_lazy("Reach"), pair("phone", "email")), WHERE, OURS
    )

    class Meta:
        model = Party
        fields = ("name", "owner")


class NoteForm(HouseForm):
    """A note on the timeline; the tab it stands in is its label to the eye."""

    helper = HouseHelper("body", label_class="sr")
    body = forms.CharField(
        label=gettext_lazy("Note"),
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": gettext_lazy("What happened?")}),
    )


class TaskForm(HouseForm):
    """Something to be done."""

    subject = forms.CharField(label=gettext_lazy("What is to be done"), max_length=200)
    due_at = forms.DateTimeField(label=gettext_lazy("Due"), widget=DateTimeInput())


class ConsentForm(HouseForm):
    """A line for the ledger."""

    helper = HouseHelper(pair("channel", "purpose"), pair("granted", "basis"), "proof")
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Channel.choices)
    purpose = forms.ChoiceField(label=gettext_lazy("Purpose"), choices=Purpose.choices)
    granted = forms.ChoiceField(
        label=pgettext_lazy("consent", "Answer"),
        choices=[("yes", gettext_lazy("Given")), ("no", pgettext_lazy("consent", "Withdrawn"))],
    )
    basis = forms.ChoiceField(label=gettext_lazy("Basis"), choices=Basis.choices)
    proof = forms.CharField(label=gettext_lazy("Proof: where and how was it said?"), max_length=300, required=False)


class UploadForm(HouseForm):
    """A file to take in."""

    kind = forms.ChoiceField(label=gettext_lazy("What is in it"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV with a header line; comma, semicolon or tab; any common encoding."),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(key, kind.label) for key, kind in importing.kinds().items()]  # type: ignore[attr-defined]
