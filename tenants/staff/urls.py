"""URLs below /staff/: sign-in, second factors and sessions. Of allauth's pages, these and no others."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from tenants.staff.views import code_requests, mfa_setup, sessions
from tenants.staff.views.disabled_pages import raise_page_disabled
from tenants.staff.views.refused_attempts import answer_limits_with_429

# The names are allauth's own: its views look one another up by them.
urlpatterns = [
    path("sign-in/", code_requests.request_login_code, name="account_login"),
    path("sign-in/", code_requests.request_login_code, name="account_request_login_code"),
    path("sign-in/code/", code_requests.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/second-factor/", answer_limits_with_429(mfa.authenticate), name="mfa_authenticate"),
    path("sign-in/inactive/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="account_logout"),
    path("security/", mfa.index, name="mfa_index"),
    path("security/reauthentication/", answer_limits_with_429(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "security/reauthentication/passkey/",
        answer_limits_with_429(webauthn.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("security/app/", mfa_setup.add_authenticator_app, name="mfa_activate_totp"),
    path("security/app/removal/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("security/passkeys/new/", mfa_setup.add_passkey, name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/removal/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("security/passkeys/<int:pk>/name/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("security/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("security/recovery-codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("security/recovery-codes/download/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("sessions/", sessions.list_sessions, name="usersessions_list"),
    path("sessions/<int:pk>/sign-out/", sessions.sign_out, name="staff-session-sign-out"),
    path("sessions/others/sign-out/", sessions.sign_out_others, name="staff-other-sessions-sign-out"),
    path("sign-up/", raise_page_disabled, name="account_signup"),
]
