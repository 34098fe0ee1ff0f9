"""Settings of how staff sign in, with django-allauth."""

from datetime import timedelta

from config import env
from config.settings.host_settings import HTTPS
from config.settings.installation_settings import DEMO

# --- Portico's own rules ---
STAFF_MFA_REQUIRED = env.read_boolean(
    "STAFF_MFA_REQUIRED",
    "Staff need a passkey or an authenticator app besides the code. Only the demo may set it to false.",
    default=not DEMO,
)
STAFF_SESSION_LIFETIME = env.read_seconds(
    "STAFF_SESSION_LIFETIME", "How long a staff session lasts.", default=1_209_600
)
STAFF_INVITATIONS_PER_DAY = env.read_integer(
    "STAFF_INVITATIONS_PER_DAY", "Invitations to its team that one business may mail in a day.", default=50
)
STAFF_INVITATION_LIFETIME = env.read_seconds(
    "STAFF_INVITATION_LIFETIME", "How long an invitation to a business may be accepted.", default=604_800
)

# --- Users and sessions ---
AUTH_USER_MODEL = "tenants.Person"
# Django doesn't see that the email of a Person is unique: the constraint is on its lower-case form.
SILENCED_SYSTEM_CHECKS = ["auth.E003", "auth.W004"]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "console:select-business"
SESSION_ENGINE = "tenants.staff.session_store"
SESSION_COOKIE_AGE = int(STAFF_SESSION_LIFETIME.total_seconds())
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Codes by email ---
ACCOUNT_ADAPTER = "portal.team.adapter.StaffAdapter"
ACCOUNT_FORMS = {
    "request_login_code": "tenants.staff.forms.StaffCodeRequestForm",
    "confirm_login_code": "tenants.staff.forms.StaffCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# A sign-in takes half an hour at most, by the machine's clock: long enough for the first code and two more.
ACCOUNT_LOGIN_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 1800
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 2
# How long each code works, by the database's clock.
STAFF_CODE_LIFETIME = timedelta(minutes=10)
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": False}
# How often codes may be requested is counted in the database (tenants/staff/code_request_limits.py); second factors,
# which nobody gets to without a code or a passkey, are counted in Redis.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "30/10m/ip,10/h/key",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True

# --- Passkeys and authenticator apps ---
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# The previous and the next code of an authenticator app are valid too (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "tenants.staff.forms.AuthenticatorCodeForm",
    "reauthenticate": "tenants.staff.forms.ReauthenticationCodeForm",
    "activate_totp": "tenants.staff.forms.ActivateAppForm",
    "add_webauthn": "tenants.staff.forms.AddPasskeyForm",
    "login_webauthn": "tenants.staff.forms.SignInPasskeyForm",
    "authenticate_webauthn": "tenants.staff.forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "tenants.staff.forms.ReauthenticatePasskeyForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
