"""Mount each room under its prefix; nothing else. Probes (/healthz and its like) are answered by `crm.health`."""

from importlib.util import find_spec

from django.apps import apps
from django.contrib import admin
from django.urls import include, path

admin.site.site_header = admin.site.site_title = "Rapport"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("jobs/", include("crm.jobs.urls")),
    path("", include("crm.ui.people_urls")),
]
# A room that is not built yet has no urls module; its prefix stays free.
PREFIXES = {
    "crm.ui": "",
    "contacts": "contacts/",
    "sales": "sales/",
    "service": "service/",
    "campaigns": "campaigns/",
    "contactcentre": "calls/",
    "analytics": "analytics/",
}
urlpatterns += [
    path(prefix, include(f"{room}.urls"))
    for room, prefix in PREFIXES.items()
    if apps.is_installed(room) and find_spec(f"{room}.urls")
]
