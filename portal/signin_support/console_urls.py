"""The console's URLs of sign-in support."""

from django.urls import path

from portal.signin_support.console import attempt_links, client_diagnostics, support_tickets

urlpatterns = [
    path("", client_diagnostics.look_up_client, name="signin-support"),
    path("tickets/", support_tickets.list_support_tickets, name="signin-support-tickets"),
    path("tickets/without-client/", support_tickets.open_support_ticket_without_client, name="ticket-without-client"),
    path("tickets/<uuid:pk>/", support_tickets.show_support_ticket, name="ticket"),
    path("tickets/<uuid:pk>/closure/", support_tickets.close_ticket, name="ticket-closure"),
    path("clients/<uuid:pk>/", client_diagnostics.show_diagnostics, name="signin-support-client"),
    path("clients/<uuid:pk>/live/", client_diagnostics.poll_diagnostics, name="signin-support-live"),
    path("clients/<uuid:pk>/ticket/", client_diagnostics.open_ticket, name="signin-support-ticket"),
    path("clients/<uuid:pk>/attempt-link/", attempt_links.create_link, name="signin-support-attempt-link"),
    path(
        "clients/<uuid:pk>/attempts/<uuid:attempt>/resend/",
        client_diagnostics.resend_code_to_client,
        name="signin-support-resend",
    ),
    path("clients/<uuid:pk>/attempts/<uuid:attempt>/code/", client_diagnostics.issue_code, name="signin-support-code"),
    path(
        "clients/<uuid:pk>/suppressions/<uuid:suppression>/removal/",
        client_diagnostics.remove_suppression,
        name="signin-support-suppression-removal",
    ),
]
