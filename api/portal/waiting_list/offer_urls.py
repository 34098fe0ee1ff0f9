"""URLs of the offers of the waiting list in the client API."""

from django.urls import path

from api.portal.waiting_list import views

app_name = "portal-waiting-list-offers"
urlpatterns = [
    path("<uuid:offer_id>/acceptance/", views.OfferAcceptanceView.as_view(), name="acceptance"),
    path("<uuid:offer_id>/refusal/", views.OfferRefusalView.as_view(), name="refusal"),
]
