"""The actor of what nobody did by hand."""

from crm.accounts.models import User

SYSTEM_EMAIL = "system@rapport.invalid"


def system_user() -> User:
    """Return the user under whose name jobs write; nobody can sign in as it."""
    user, _ = User.objects.get_or_create(
        email=SYSTEM_EMAIL, defaults={"first_name": "Rapport", "is_system": True, "password": "!"}
    )
    return user
