"""Forms about segments and campaigns."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign, Segment
from campaigns.services import merging
from campaigns.states import Outcome
from crm.lib.errors import DomainError
from crm.ui.forms import DateTimeInput, HouseForm, HouseHelper, HouseModelForm, pair

ROWS = 5


def rule_from(data: Any) -> dict[str, Any]:
    """Return the rule out of what the builder posts; rows without an attribute are left out."""
    terms = [
        {
            "attribute": data.get(f"attribute_{n}", ""),
            "op": data.get(f"op_{n}", ""),
            "value": data.get(f"value_{n}", ""),
        }
        for n in range(1, ROWS + 1)
        if data.get(f"attribute_{n}")
    ]
    return {"match": "any" if data.get("match") == "any" else "all", "terms": terms}


class CampaignForm(HouseModelForm):
    """A campaign; which fields count depends on its kind."""

    helper = HouseHelper(
        Fieldset(gettext_lazy("What and to whom"), "name", pair("kind", "segment")),
        Fieldset(gettext_lazy("For mails"), "subject", "body"),
        Fieldset(gettext_lazy("For calls"), "mode", "script"),
    )

    class Meta:
        model = Campaign
        fields = ("name", "kind", "segment", "subject", "body", "mode", "script")
        widgets = {"body": forms.Textarea(attrs={"rows": 10}), "script": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = Segment.objects.visible_to(user)  # type: ignore[attr-defined]
        self.fields["body"].help_text = _("Merge fields: {first_name|there}, {contacts.city}, {sales.last_order}.")
        self.fields["script"].help_text = _("What the agent says.")

    def clean(self) -> dict[str, Any]:
        """Mails need a subject and a text whose fields exist."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("kind") != "email":
            return values
        for name, missing in (("subject", _("A mail needs a subject.")), ("body", _("A mail needs a text."))):
            if not values.get(name, "").strip():
                self.add_error(name, missing)
                continue
            try:
                merging.check(values[name])
            except DomainError as error:
                self.add_error(name, error.message)
        return values


class OutcomeForm(HouseForm):
    """How a call went."""

    outcome = forms.ChoiceField(label=gettext_lazy("How did it go?"), choices=Outcome.choices)
    callback_at = forms.DateTimeField(label=gettext_lazy("Call back at"), widget=DateTimeInput(), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)
