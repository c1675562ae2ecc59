"""Forms about selling."""

from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from djmoney.money import Money

from contacts.models import Party
from crm.accounts.models import User
from crm.lib import money as money_words
from crm.lib.errors import DomainError
from crm.ui.forms import DateInput, HouseForm, HouseHelper, HouseModelForm, pair
from sales.models import LostReason, Opportunity, Product, Stage


class PartyField(forms.CharField):
    """A customer, found by what was typed: name, number, e-mail or telephone; shown with suggestions."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.user: Any = None

    def clean(self, value: Any) -> Any:
        """Return the one visible party that is meant."""
        text = super().clean(value)
        if not text:
            return None
        rows = Party.objects.active().visible_to(self.user)
        if text.startswith("#") and text[1:].split(" ")[0].isdigit():
            found = list(rows.filter(pk=text[1:].split(" ")[0]))
        else:
            found = list(rows.filter(name__iexact=text)[:2]) or list(rows.search(text)[:2])
        if not found:
            raise forms.ValidationError(_("Nobody is found by “%(text)s”.") % {"text": text})
        if len(found) > 1:
            raise forms.ValidationError(_("More than one is called so. Choose from the list, or type the number."))
        return found[0]


def party_words(party: Party) -> str:
    """Return how a chosen party stands in a PartyField."""
    return f"#{party.pk} {party.name}"


class OpportunityForm(HouseForm):
    """A new opportunity, or changes to one."""

    helper = HouseHelper("name", "customer", pair("value", "expected_close"), "owner")
    name = forms.CharField(label=gettext_lazy("What may be sold"), max_length=160)
    customer = PartyField(
        label=gettext_lazy("Customer"),
        help_text=gettext_lazy("Name, number, e-mail or telephone of a contact or account."),
    )
    value = forms.CharField(label=gettext_lazy("Value"), max_length=30)
    stage = forms.ModelChoiceField(label=gettext_lazy("Stage"), queryset=Stage.objects.all(), required=False)
    expected_close = forms.DateField(label=gettext_lazy("Expected close"), widget=DateInput(), required=False)
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner"), queryset=User.objects.filter(is_active=True, is_system=False)
    )

    def __init__(self, *args: Any, user: Any, instance: Opportunity | None = None, **kwargs: Any) -> None:
        initial = {"owner": user.pk, **kwargs.pop("initial", {})}
        if instance:
            initial |= {
                "name": instance.name, "customer": party_words(instance.contact or instance.customer),
                "value": f"{instance.value.amount:.2f}", "expected_close": instance.expected_close,
                "owner": instance.owner_id,
            }  # fmt: skip
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["customer"].user = user  # type: ignore[attr-defined]
        if instance:
            del self.fields["stage"]

    def clean_value(self) -> Any:
        """Read an amount, with or without its symbol."""
        try:
            worth = money_words.parse(self.cleaned_data["value"])
        except DomainError as error:
            raise forms.ValidationError(error.message) from None
        if worth.amount < 0:
            raise forms.ValidationError(_("A value is not below zero."))
        return worth


class LoseForm(HouseForm):
    """Why it is lost."""

    reason = forms.ModelChoiceField(label=gettext_lazy("Reason"), queryset=LostReason.objects.all())
    note = forms.CharField(label=gettext_lazy("What did they say?"), max_length=300, required=False)


class MoveForm(HouseForm):
    """Where to."""

    stage = forms.ModelChoiceField(label=gettext_lazy("Stage"), queryset=Stage.objects.select_related("pipeline"))


class ProductForm(HouseModelForm):
    """A product, priced in the house currency."""

    helper = HouseHelper(pair("sku", "name"), pair("department", "brand"), "amount", "is_active")
    amount = forms.DecimalField(label=gettext_lazy("Price"), min_value=0, max_digits=14, decimal_places=2)

    class Meta:
        model = Product
        fields = ("sku", "name", "department", "brand", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["amount"] = self.instance.price.amount

    def save(self, commit: bool = True) -> Any:
        """Keep the price with its currency."""
        self.instance.price = Money(self.cleaned_data["amount"], settings.DEFAULT_CURRENCY)
        return super().save(commit)


class OrderForm(HouseForm):
    """An order of up to five lines, typed by hand."""

    LINES = 5
    helper = HouseHelper(
        "customer",
        Fieldset(gettext_lazy("Lines"), *(pair(f"sku_{place}", f"quantity_{place}") for place in range(1, LINES + 1))),
    )
    customer = PartyField(
        label=gettext_lazy("Customer"),
        help_text=gettext_lazy("Name, number, e-mail or telephone of a contact or account."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["customer"].user = user  # type: ignore[attr-defined]
        for place in range(1, self.LINES + 1):
            self.fields[f"sku_{place}"] = forms.CharField(
                label=_("Line %(n)d: product number") % {"n": place}, max_length=60, required=False,
                widget=forms.TextInput(attrs={"list": "products", "autocomplete": "off"}),
            )  # fmt: skip
            self.fields[f"quantity_{place}"] = forms.DecimalField(
                label=_("Line %(n)d: quantity, below zero for a return") % {"n": place}, required=False,
                max_digits=9, decimal_places=3, widget=forms.NumberInput(attrs={"step": "any"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Find the products."""
        values: dict[str, Any] = super().clean() or {}
        skus = {values.get(f"sku_{n}") for n in range(1, self.LINES + 1)} - {"", None}
        known = {product.sku: product for product in Product.objects.filter(sku__in=skus)}
        lines = []
        for place in range(1, self.LINES + 1):
            sku, quantity = values.get(f"sku_{place}"), values.get(f"quantity_{place}")
            if not sku:
                continue
            if sku not in known:
                self.add_error(f"sku_{place}", _("No product has this number."))
            elif not quantity:
                self.add_error(f"quantity_{place}", _("Write how many of them."))
            else:
                lines.append((known[sku], quantity))
        if not lines and not self.errors:
            self.add_error("sku_1", _("An order needs at least one line: write a product number."))
        values["lines"] = lines
        return values
