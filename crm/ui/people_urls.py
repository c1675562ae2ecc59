"""Addresses about persons."""

from django.urls import path

from crm.ui.views import people

app_name = "accounts"
urlpatterns = [
    path("profile/", people.ProfileView.as_view(), name="profile"),
    path("settings/people/", people.PeopleView.as_view(), name="people"),
    path("settings/people/invite/", people.InviteView.as_view(), name="invite"),
    path("settings/people/<int:pk>/", people.PersonView.as_view(), name="person"),
    path("settings/roles/", people.RolesView.as_view(), name="roles"),
    path("join/<str:uid>/<str:token>/", people.join, name="join"),
]
