"""URLs of support tickets in the business API."""

from django.urls import path

from api.support_tickets import views

app_name = "support-tickets"
urlpatterns = [
    path("", views.TicketListView.as_view(), name="list"),
    path("<uuid:ticket_id>/", views.TicketView.as_view(), name="detail"),
    path("<uuid:ticket_id>/closure/", views.TicketClosureView.as_view(), name="closure"),
]
