"""Questions about tickets that more than one page asks."""

from service.models import Ticket


def open_tickets(customer_id: int, limit: int = 6) -> list[Ticket]:
    """Return a customer's unsolved tickets, the most urgent first."""
    rows = Ticket.objects.alive().filter(customer_id=customer_id).select_related("owner")
    return list(rows.order_by("resolution_due")[:limit])
