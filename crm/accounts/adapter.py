"""What allauth asks us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up: colleagues are invited."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Keep the sign-up page closed."""
        return False
