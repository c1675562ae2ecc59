"""Addresses of service."""

from django.urls import path, register_converter

from service.states import TicketStatus
from service.views import tickets


class StatusConverter:
    """A status in an address; others are a 404."""

    regex = "|".join(TicketStatus.values)

    def to_python(self, value: str) -> str:
        """Return it."""
        return value

    def to_url(self, value: str) -> str:
        """Return it."""
        return str(value)


register_converter(StatusConverter, "ticket_status")
app_name = "service"
urlpatterns = [
    path("", tickets.TicketListView.as_view(), name="list"),
    path("new/", tickets.TicketCreateView.as_view(), name="create"),
    path("<int:pk>/", tickets.TicketView.as_view(), name="ticket"),
    path("<int:pk>/edit/", tickets.TicketEditView.as_view(), name="edit"),
    path("<int:pk>/say/", tickets.SayView.as_view(), name="say"),
    path("<int:pk>/to/<ticket_status:to>/", tickets.MoveView.as_view(), name="move"),
    path("customers/<int:pk>/tickets/", tickets.PartyPanelView.as_view(), name="party_panel"),
]
