"""Forms about people."""

import zoneinfo
from typing import Any

from crispy_forms.layout import Field, Fieldset
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role, Team, User
from crm.ui.forms import HouseForm, HouseHelper, HouseModelForm, pair

ZONES = [
    (name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones()) if "/" in name or name == "UTC"
]


class ProfileForm(HouseModelForm):
    """What a person sets for themselves."""

    helper = HouseHelper(
        Fieldset(
            _("You"),
            pair(Field("first_name", autocomplete="given-name"), Field("last_name", autocomplete="family-name")),
        ),
        Fieldset(_("Where you are"), pair("time_zone", "language")),
        Fieldset(_("Look and keys"), pair("theme", "density"), "keys_enabled"),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)

    class Meta:
        model = User
        fields = ("first_name", "last_name", "time_zone", "language", "theme", "density", "keys_enabled")


class InviteForm(HouseForm):
    """Who is invited, and as what."""

    email = forms.EmailField(label=_("E-mail address"))
    first_name = forms.CharField(label=_("First name"), max_length=80, required=False)
    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.all())
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.all(), required=False)


class PersonForm(HouseModelForm):
    """What an administrator sets for a colleague."""

    class Meta:
        model = User
        fields = ("role", "team", "is_active")


class JoinForm(HouseForm):
    """Taking an invitation."""

    helper = HouseHelper(
        Field("first_name", autocomplete="given-name"),
        Field("last_name", autocomplete="family-name"),
        Field("password", autocomplete="new-password"),
    )
    first_name = forms.CharField(label=_("First name"), max_length=80)
    last_name = forms.CharField(label=_("Last name"), max_length=80)
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput(), strip=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """Refuse what is easy to guess."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password
