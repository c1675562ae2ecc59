"""Addresses of the contact centre."""

from django.urls import path

from contactcentre import webhooks
from contactcentre.views import calls, console, outcomes, practice, verbs

app_name = "contactcentre"
urlpatterns = [
    path("", calls.CallListView.as_view(), name="list"),
    path("<int:pk>/", calls.CallView.as_view(), name="call"),
    path("customers/<int:pk>/", calls.PartyPanelView.as_view(), name="party_panel"),
    # the console, one POST a verb
    path("console/", console.ConsoleView.as_view(), name="console"),
    path("state/", verbs.StateView.as_view(), name="state"),
    path("dial/", verbs.DialView.as_view(), name="dial"),
    path("<int:pk>/do/<slug:verb>/", verbs.CallVerbView.as_view(), name="verb"),
    path("<int:pk>/notes/", verbs.NotesView.as_view(), name="notes"),
    path("<int:pk>/wrap-up/", verbs.WrapUpView.as_view(), name="wrap_up"),
    path("<int:pk>/link/", verbs.LinkView.as_view(), name="link"),
    path("<int:pk>/contact/", outcomes.CallerView.as_view(), name="new_contact"),
    path("<int:pk>/ticket/", outcomes.TicketView.as_view(), name="ticket"),
    path("<int:pk>/opportunity/", outcomes.OpportunityView.as_view(), name="opportunity"),
    # callers on demand, in development
    path("simulator/", practice.PracticeView.as_view(), name="simulator"),
    path("simulator/<slug:verb>/", practice.PracticeVerbView.as_view(), name="simulator_verb"),
    # what the carrier asks and tells
    path("hooks/voice/", webhooks.arrive, name="hook_voice"),
    path("hooks/choice/", webhooks.choice, name="hook_choice"),
    path("hooks/wait/<int:queue_id>/", webhooks.wait, name="hook_wait"),
    path("hooks/left/", webhooks.left, name="hook_left"),
    path("hooks/status/", webhooks.status, name="hook_status"),
    path("hooks/bridge/<int:call_id>/", webhooks.bridge, name="hook_bridge"),
    path("hooks/leg/<int:call_id>/", webhooks.leg, name="hook_leg"),
    path("hooks/room/<int:call_id>/", webhooks.room, name="hook_room"),
]
