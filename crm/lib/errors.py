"""What a service raises when the answer is no: each carries a sentence for the person who asked."""

from django.utils.translation import gettext as _


class DomainError(Exception):
    """Something the business does not allow; `message` is shown to the user as it is."""

    def __init__(self, message: str) -> None:
        """Keep the sentence."""
        super().__init__(message)
        self.message = message


class StaleState(DomainError):
    """Somebody else changed the row first."""

    def __init__(self, message: str = "") -> None:
        """Use the common sentence unless a better one is given."""
        super().__init__(message or _("Somebody else changed this a moment ago. Look at it again, then decide."))


class NotAllowed(DomainError):
    """The user's role does not reach this far."""


class Refused(DomainError):
    """A rule (consent, hours, limits) forbids it now."""
