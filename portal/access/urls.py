"""At which addresses does a client sign in and out?"""

from django.urls import path

from portal.access.views import code, missing_code, sessions, sign_in, visits

app_name = "access"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/code/", code.code, name="code"),
    path("sign-in/resend/", code.resend, name="resend"),
    path("sign-in/who/", code.who, name="who"),
    path("sign-in/help/", missing_code.checklist, name="help"),
    path("sign-in/allow-list/", missing_code.allow_list, name="allow-list"),
    path("sign-out/", sessions.sign_out, name="sign-out"),
    path("demo/enter/", visits.enter, name="visit-enter"),
    path("demo/exit/", visits.leave, name="visit-exit"),
    path("demo/over/", visits.over, name="visit-over"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/end-others/", sessions.end_others, name="end-others"),
    path("sessions/<uuid:pk>/end/", sessions.end_session, name="end-session"),
]
