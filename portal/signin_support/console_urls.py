"""The console's URLs of sign-in support."""

from django.urls import path

from portal.signin_support.console import clients, tickets

urlpatterns = [
    path("", clients.search_client, name="signin-support"),
    path("tickets/", tickets.list_tickets, name="signin-support-tickets"),
    path("tickets/without-client/", tickets.open_without_client, name="ticket-without-client"),
    path("tickets/<uuid:pk>/", tickets.show_ticket, name="ticket"),
    path("tickets/<uuid:pk>/closure/", tickets.close_ticket, name="ticket-closure"),
    path("clients/<uuid:pk>/", clients.show_diagnostics, name="signin-support-client"),
    path("clients/<uuid:pk>/live/", clients.poll_diagnostics, name="signin-support-live"),
    path("clients/<uuid:pk>/ticket/", clients.open_ticket, name="signin-support-ticket"),
    path("clients/<uuid:pk>/attempts/<uuid:attempt>/resend/", clients.resend_to_client, name="signin-support-resend"),
    path("clients/<uuid:pk>/attempts/<uuid:attempt>/code/", clients.issue_code, name="signin-support-code"),
    path(
        "clients/<uuid:pk>/suppressions/<uuid:suppression>/removal/",
        clients.remove_suppression,
        name="signin-support-suppression-removal",
    ),
]
