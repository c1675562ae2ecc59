"""Addresses of campaigns."""

from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from campaigns.views import campaigns, segments, work

app_name = "campaigns"
urlpatterns = [
    path("", campaigns.CampaignListView.as_view(), name="list"),
    path("new/", campaigns.CampaignCreateView.as_view(), name="create"),
    path("<int:pk>/", campaigns.CampaignView.as_view(), name="campaign"),
    path("<int:pk>/edit/", campaigns.CampaignEditView.as_view(), name="edit"),
    path("<int:pk>/start/", campaigns.StartView.as_view(), name="start"),
    path("<int:pk>/test/", campaigns.TestSendView.as_view(), name="test"),
    path("<int:pk>/recipients/", campaigns.RecipientsView.as_view(), name="recipients"),
    path("<int:pk>/list/", campaigns.EntriesView.as_view(), name="entries"),
    path("<int:pk>/work/", work.WorkView.as_view(), name="work"),
    re_path(r"^(?P<pk>\d+)/(?P<verb>pause|resume|end|rest)/$", campaigns.VerbView.as_view(), name="verb"),
    path("entries/<int:pk>/outcome/", work.OutcomeView.as_view(), name="outcome"),
    path("segments/", segments.SegmentListView.as_view(), name="segments"),
    path("segments/new/", segments.SegmentFormView.as_view(), name="segment_create"),
    path("segments/count/", segments.CountView.as_view(), name="count"),
    path("segments/row/", segments.RowView.as_view(), name="row"),
    path("segments/<int:pk>/", segments.SegmentView.as_view(), name="segment"),
    path("segments/<int:pk>/edit/", segments.SegmentFormView.as_view(), name="segment_edit"),
    # One click of a mailbox comes without cookie or token (RFC 8058); the link itself is signed.
    path("off/<str:token>/", csrf_exempt(campaigns.unsubscribe), name="unsubscribe"),
]
