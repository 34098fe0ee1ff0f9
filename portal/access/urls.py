"""The URLs of signing in, signing out, devices and impersonation."""

from django.urls import path

from portal.access.views import attempt_links, code_entry, impersonation, missing_code, sessions, sign_in

app_name = "access"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/code/", code_entry.handle_code_form, name="code"),
    path("sign-in/resend/", code_entry.resend_code, name="resend"),
    path("sign-in/who/", code_entry.select_account, name="select-account"),
    path("sign-in/start/", attempt_links.start_from_link, name="attempt-link"),
    path("sign-in/help/", missing_code.show_missing_code_checklist, name="missing-code"),
    path("sign-in/allow-list/", missing_code.show_sender_allow_list, name="allow-list"),
    path("sign-out/", sessions.sign_out, name="sign-out"),
    path("impersonation/start/", impersonation.start_impersonation, name="impersonation-start"),
    path("impersonation/exit/", impersonation.exit_impersonation, name="impersonation-exit"),
    path("impersonation/ended/", impersonation.show_impersonation_ended, name="impersonation-ended"),
    path("sessions/", sessions.list_sessions, name="sessions"),
    path("sessions/end-others/", sessions.end_other_sessions, name="end-others"),
    path("sessions/<uuid:pk>/end/", sessions.end_session, name="end-session"),
]
