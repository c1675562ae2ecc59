"""Questions about customers that more than one room asks."""

from typing import Any

from django.db.models import Q

from contacts.models import Party, Phone, Score, Touchpoint


def scores_of(customer_id: int) -> dict[str, Score]:
    """Return the customer's scores by kind: lifetime_value, churn, rfm, decile, expected_orders."""
    return {score.kind: score for score in Score.objects.filter(customer_id=customer_id)}


def find_by_phone(e164: str, limit: int = 5) -> list[Party]:
    """Return who has this number, active ones, the most recently touched first."""
    owners = Phone.objects.filter(number=e164).values("party_id")
    found = Party.objects.active().filter(pk__in=owners).select_related("account", "owner")
    return list(found.order_by("-last_touch_at", "pk")[:limit])


def last_touchpoints(customer_id: int, limit: int = 6) -> list[Touchpoint]:
    """Return the newest touchpoints of a customer."""
    rows = Touchpoint.objects.filter(customer_id=customer_id).select_related("actor")
    return list(rows.order_by("-at", "-id")[:limit])


def possible_duplicates(user: Any, *, name: str = "", email: str = "", phone: str = "") -> list[Party]:
    """Return visible parties that may be the one being typed: same address, same number, or same name."""
    found = Q()
    if email:
        found |= Q(emails__address_lower=email.strip().lower())
    if phone:
        found |= Q(phones__number=phone)
    if len(name) > 3:
        found |= Q(name__iexact=name.strip())
    return list(Party.objects.visible_to(user).filter(found).distinct()[:5]) if found else []
