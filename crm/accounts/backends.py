"""Who is signed in, read with what every page asks about them."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from crm.accounts.models import User


class Backend(AuthenticationBackend):
    """Sign-in by allauth; the person comes with role and team in one query."""

    def get_user(self, user_id: Any) -> User | None:
        """Return the active user of a session, or None."""
        user = User.objects.select_related("role", "team").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
