"""Customers: who they are, how they are reached, what happened, what we reckon of them."""

from contacts.models.imports import Import, RefusedRow
from contacts.models.party import Account, Contact, Party, PartyKind, PartyQuerySet, PartyTag, Tag
from contacts.models.reach import Address, Basis, Channel, Consent, Email, OfPartyQuerySet, Phone, Purpose
from contacts.models.timeline import OfCustomerQuerySet, Score, ScoreState, Task, Touchpoint

__all__ = [
    "Account", "Address", "Basis", "Channel", "Consent", "Contact", "Email", "Import", "OfCustomerQuerySet",
    "OfPartyQuerySet", "Party", "PartyKind", "PartyQuerySet", "PartyTag", "Phone", "Purpose", "RefusedRow", "Score",
    "ScoreState", "Tag", "Task", "Touchpoint",
]  # fmt: skip
