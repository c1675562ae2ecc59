"""Invite colleagues, let them in, let them go."""

from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from crm.accounts.models import Role, Team, User
from crm.events import effect, effect_handler
from crm.lib.clock import now
from crm.lib.errors import DomainError

INVITATION = "accounts.invitation"


@transaction.atomic
def invite(*, actor: User, email: str, role: Role, team: Team | None = None, first_name: str = "") -> User:
    """Make a colleague who cannot sign in yet and send the link that lets them set a password."""
    if User.objects.filter(email__iexact=email).exists():
        raise DomainError(_("%(email)s is already here.") % {"email": email})
    user = User.objects.create_user(
        email, role=role, team=team, first_name=first_name, language=settings.LANGUAGE_CODE, invited_at=now(),
        is_staff=role.key == "admin",
    )  # fmt: skip
    send_invitation(user, actor=actor)
    return user


def send_invitation(user: User, *, actor: User) -> None:
    """Send (again) the link with which an invited colleague sets a password."""
    if user.has_usable_password():
        raise DomainError(_("%(name)s has already joined.") % {"name": user.name})
    effect(INVITATION, {"user_id": user.pk, "by": actor.name}, key=f"{INVITATION}:{user.pk}:{now().timestamp()}")


def link_for(user: User) -> str:
    """Return the signed address; it works until the password is set or the day limit is over."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return settings.PUBLIC_URL + reverse("accounts:join", args=[uid, token])


def user_of_link(uid: str, token: str) -> User | None:
    """Return the invited user behind a link, or None when it is forged, used or too old."""
    try:
        user = User.objects.filter(pk=int(force_str(urlsafe_base64_decode(uid))), is_active=True).first()
    except (ValueError, OverflowError):
        return None
    return user if user and default_token_generator.check_token(user, token) else None


@transaction.atomic
def join(user: User, *, password: str, first_name: str, last_name: str) -> User:
    """Take the invitation: set name and password."""
    user.first_name, user.last_name = first_name, last_name
    user.set_password(password)
    user.save(update_fields=["first_name", "last_name", "password"])
    return user


@transaction.atomic
def change(user: User, *, actor: User, role: Role, team: Team | None, is_active: bool) -> User:
    """Change what a colleague may do. Nobody locks themselves out."""
    if user == actor and (role != user.role or not is_active):
        raise DomainError(_("Somebody else must change your own role."))
    user.role, user.team, user.is_active = role, team, is_active
    user.is_staff = role.key == "admin"
    user.save(update_fields=["role", "team", "is_active", "is_staff"])
    return user


@effect_handler(INVITATION, queue="mail")
def _mail_invitation(payload: dict[str, Any], attempt_id: str, repeat: bool) -> None:
    user = User.objects.filter(pk=payload["user_id"]).first()
    if user is None or user.has_usable_password():
        return
    subject = _("%(name)s invites you to Rapport") % {"name": payload["by"]}
    body = _("Set your password here: %(link)s") % {"link": link_for(user)}
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email])
