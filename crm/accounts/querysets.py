"""The door to every row: `visible_to(user)`."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from crm.accounts.permissions import owner_ids


class VisibleQuerySet(models.QuerySet[Any]):
    """A queryset that knows who may see and edit its rows.

    `kind` names the records in the permission table, `owner_path` leads to the user who owns a row.
    """

    kind = "contacts"
    owner_path = "owner"

    def restrict(self, owners: set[int], user: Any) -> Self:
        """Keep the rows that belong to these users; rooms with another rule override this."""
        return self.filter(Q(**{f"{self.owner_path}_id__in": owners}))

    def reachable(self, user: Any, action: str) -> Self:
        """Keep the rows on which the user's role allows the action."""
        owners = owner_ids(user, self.kind, action)
        if owners is None:
            return self.all()
        return self.restrict(owners, user) if owners else self.none()

    def visible_to(self, user: Any) -> Self:
        """Keep the rows this user may see."""
        return self.reachable(user, "view")

    def editable_by(self, user: Any) -> Self:
        """Keep the rows this user may change."""
        return self.reachable(user, "edit")
