"""Money: one rounding, one way to print, one way to read. Never a float, never two currencies in one sum."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache

from babel.numbers import get_currency_symbol
from django.conf import settings
from django.utils.translation import gettext as _
from djmoney.money import Money

from crm.lib.errors import DomainError

CENT = Decimal("0.01")
WHOLE_FROM = 1000


def zero(currency: str | None = None) -> Money:
    """Return nothing, in the given or the house currency."""
    return Money(Decimal(0), currency or settings.DEFAULT_CURRENCY)


def round2(amount: Decimal) -> Decimal:
    """Round half up to two places: the only rounding in the house."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@cache
def symbol(currency: str) -> str:
    """Return how a currency is written before its amounts."""
    return str(get_currency_symbol(currency, locale="en_US"))


def fmt_amount(amount: Decimal | int, currency: str) -> str:
    """Print an amount with its symbol first, thousands by comma, no decimals from 1,000 up."""
    value = Decimal(amount)
    sign, value = ("−", -value) if value < 0 else ("", value)
    figure = f"{value.quantize(Decimal(1), ROUND_HALF_UP):,}" if value >= WHOLE_FROM else f"{round2(value):,}"
    return f"{sign}{symbol(currency)}{figure}"


def fmt(money: Money | None) -> str:
    """Print money; an empty string for none."""
    return "" if money is None else fmt_amount(money.amount, str(money.currency))


def parse(text: str, currency: str | None = None) -> Money:
    """Read an amount a person typed (“1,200.50”, “1.200,50”, “€ 86”). Raises DomainError with a sentence."""
    cleaned = "".join(ch for ch in text.strip() if ch.isdigit() or ch in ".,-")
    head, comma, last = cleaned.rpartition(",")
    if comma and "." not in last and ("." in head or len(last) == len("00")):
        cleaned = cleaned.replace(".", "").replace(",", ".")
    try:
        return Money(round2(Decimal(cleaned.replace(",", ""))), currency or settings.DEFAULT_CURRENCY)
    except InvalidOperation:
        raise DomainError(_("“%(text)s” is not an amount of money.") % {"text": text[:40]}) from None
