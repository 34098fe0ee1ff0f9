"""URLs of the portal's address in the business API."""

from django.urls import path

from api.portal_address import views

app_name = "portal_address"
urlpatterns = [
    path("", views.PortalAddressView.as_view(), name="address"),
    path("availability/", views.AddressAvailabilityView.as_view(), name="availability"),
    path("invitations/", views.AddressInvitationListView.as_view(), name="invitations"),
]
