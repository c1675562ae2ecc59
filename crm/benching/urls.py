"""The house's addresses, and those that rooms declare for measurements alone."""

from crm.benching.rooms import declared
from crm.urls import urlpatterns as house

urlpatterns = [*(address for entry in declared("URLS") for address in entry), *house]
