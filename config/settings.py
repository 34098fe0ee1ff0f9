"""Django settings, read from environment variables."""

import random
from pathlib import Path
from urllib.parse import urlsplit

from config import env, templates
from config.logging import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Environment ------------------------------------------------------------
DEMO = env.flag("DEMO", "Adds the demo outbox and its provider. Never on a real platform.", default=False)
DEBUG = env.flag("DEBUG", "Django's debug pages. Never on a real platform.", default=False)
SECRET_KEY = env.text("SECRET_KEY", "Signs forms and cookies: 50 random characters or more.")

# --- Hosts and URLs ---------------------------------------------------------
PLATFORM_HOST = env.text("PLATFORM_HOST", "The host name of console, hooks and operators.").lower()
PORTAL_DOMAIN = env.text("PORTAL_DOMAIN", "Portals live one label below this domain.").lower()
PUBLIC_URL = env.text("PUBLIC_URL", "The platform's address as the world sees it, with scheme and port.").rstrip("/")
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", "Proxies in front. 0: X-Forwarded-For is ignored; 1: its last hop is the client.", default=0)
_public = urlsplit(PUBLIC_URL)
HTTPS = _public.scheme == "https"
PUBLIC_PORT = f":{_public.port}" if _public.port else ""
# BusinessMiddleware decides which hosts are served: custom domains are added and removed without a restart.
ALLOWED_HOSTS = ["*"]
USE_X_FORWARDED_HOST = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None

# --- Installed apps ---------------------------------------------------------
SHARED_APPS = [
    "django_tenants",
    "tenants",
    "workers",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_cotton",
    "heroicons",
]
TENANT_APPS = [
    "portal.ui",
    "portal.activity",
    "portal.branding",
    "portal.clients",
    "portal.messaging",
    "portal.access",
    "portal.signin_support",
    "portal.intake",
    "portal.account",
    "portal.domains",
    "portal.impersonation",
    "portal.team",
    "portal.cards",
    "portal.bulk_actions",
    "portal.inbox",
    "portal.search",
    "portal.home",
    "portal.demo",
]
INSTALLED_APPS = SHARED_APPS + TENANT_APPS
AUTH_USER_MODEL = "tenants.Person"
# Django doesn't see that the email of a Person is unique: the constraint is on its lower-case form.
SILENCED_SYSTEM_CHECKS = ["auth.E003", "auth.W004"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
WSGI_APPLICATION = "config.wsgi.application"

# --- Businesses -------------------------------------------------------------
TENANT_MODEL = "tenants.Business"
TENANT_DOMAIN_MODEL = "tenants.Hostname"
TENANT_LIMIT_SET_CALLS = True
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
PUBLIC_SCHEMA_URLCONF = "config.urls_platform"
ROOT_URLCONF = "config.urls_platform"
PORTAL_URLCONF = "config.urls_portal"
HOST_CACHE_SECONDS = env.number("HOST_CACHE_SECONDS", "How long a process trusts what it knows of a host.", default=4)
HOST_CACHE_SIZE = env.number("HOST_CACHE_SIZE", "How many hosts, known and unknown, a process remembers.", default=10_000)
DNS_RESOLVER = env.text("DNS_RESOLVER", "The name server that own domains are looked up at, as host:port. The machine's own when empty.", default="")

DATABASES = {
    "default": env.database("DATABASE_URL", "PostgreSQL 15 or later, reached directly or by a session-mode pooler.")
    | {
        "ENGINE": "tenants.backend",
        # A database backend that used many schemas never frees its memory; jitter spreads the reconnects.
        "CONN_MAX_AGE": random.randint(600, 900),
        "ATOMIC_REQUESTS": False,
    }
}
REDIS_URL = env.text("REDIS_URL", "Redis, for limits and as the default broker.")
BROKER_URL = env.text("BROKER_URL", "The queue: redis:// or amqp://. REDIS_URL when unset.", default=REDIS_URL)
CACHES = {"default": {"BACKEND": "tenants.staff.allauth_cache.AllauthCache"}}

MIDDLEWARE = [
    # Header middleware comes first, so that every response has them: files, unknown hosts and errors too.
    "csp.middleware.CSPMiddleware",
    "portal.ui.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.health.HealthMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.branding.middleware.LanguageMiddleware",
    "portal.ui.middleware.MethodNotAllowedMiddleware",
    "config.request_log.RequestLogMiddleware",
    "tenants.middleware.BusinessMiddleware",
    "tenants.staff.middleware.StaffMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # required by allauth; it uses neither session nor database
    "portal.access.middleware.ClientSessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.common.CommonMiddleware",
]

# --- Cookies and headers ----------------------------------------------------
# "__Host-" works only over TLS; it stops one portal from setting cookies for another.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.ui.errors.csrf_failure"
# Only staff have Django sessions, and only the platform host sets their cookie.
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}staff"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
CONTENT_SECURITY_POLICY = templates.CONTENT_SECURITY_POLICY
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# The size limit of a form with files is set by its page: see tenants.body_limits.
FILE_UPLOAD_HANDLERS = [
    "tenants.body_limits.BodyLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Pages ------------------------------------------------------------------
TEMPLATES = templates.template_engines(BASE_DIR / "templates")
COTTON_DIR = "components"
STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", "Where collectstatic puts files.", default=str(BASE_DIR / "assets" / "collected"))
STATICFILES_DIRS = [BASE_DIR / "assets" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Languages and time -----------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# One catalogue for each app of ours that has texts; named here, they take precedence over those of other packages.
LOCALE_PATHS = [folder for app in INSTALLED_APPS if (folder := BASE_DIR / app.replace(".", "/") / "locale").is_dir()]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Signing in -------------------------------------------------------------
LOGIN_CODE_KEYS = env.keyring("LOGIN_CODE_KEYS", "Derive sign-in codes: id:base64, the newest first. At least 32 bytes each.")
LOGIN_CODE_LIFETIME = env.seconds("LOGIN_CODE_LIFETIME", "How long one code works.", default=600)
LOGIN_CHALLENGE_LIFETIME = env.seconds("LOGIN_CHALLENGE_LIFETIME", "How long one attempt to sign in lasts.", default=1200)
LOGIN_RESEND_WAIT = env.seconds("LOGIN_RESEND_WAIT", "The wait before a resend where a business sets none.", default=180)
LOGIN_CODE_DIGITS = env.number("LOGIN_CODE_DIGITS", "How many digits a code has.", default=6)
LOGIN_CODE_DIGITS_UNDER_ATTACK = env.number("LOGIN_CODE_DIGITS_UNDER_ATTACK", "The same in attack mode.", default=8)
LOGIN_MAX_GUESSES = env.number("LOGIN_MAX_GUESSES", "Guesses per challenge; 5 at most, the database insists.", default=5)
LOGIN_MAX_SENDS = env.number("LOGIN_MAX_SENDS", "Codes per challenge.", default=3)
LOGIN_FAILURES_PER_HOUR = env.number("LOGIN_FAILURES_PER_HOUR", "Wrong guesses per address and hour.", default=10)
LOGIN_FAILURES_PER_DAY = env.number("LOGIN_FAILURES_PER_DAY", "Wrong guesses per address and day.", default=20)
LOGIN_SENDS_PER_HOUR = env.number("LOGIN_SENDS_PER_HOUR", "Codes per address and hour.", default=5)
LOGIN_SENDS_PER_DAY = env.number("LOGIN_SENDS_PER_DAY", "Codes per address and day.", default=10)
LOGIN_REQUESTS_PER_IP = env.text("LOGIN_REQUESTS_PER_IP", "Codes asked for by one network at one business.", default="100/10 minutes")
LOGIN_GUESSES_PER_IP = env.text("LOGIN_GUESSES_PER_IP", "Codes typed by one network at one business.", default="200/10 minutes")
CONTACT_FORMS_PER_IP = env.text("CONTACT_FORMS_PER_IP", "Contact forms sent by one network to one business.", default="10/10 minutes")
CONTACT_FORMS_PER_BUSINESS = env.text("CONTACT_FORMS_PER_BUSINESS", "Contact forms one business takes from everybody together.", default="200/hour")
ATTACK_MODE_BUSINESS_THRESHOLD = env.number("ATTACK_MODE_BUSINESS_THRESHOLD", "Wrong guesses an hour that put a business in attack mode.", default=300)
ATTACK_MODE_PLATFORM_THRESHOLD = env.number("ATTACK_MODE_PLATFORM_THRESHOLD", "The same for the whole platform.", default=3000)
ATTACK_MODE_LIFETIME = env.seconds("ATTACK_MODE_LIFETIME", "How long attack mode lasts after the last trigger.", default=3600)
ATTACK_MODE_DELAY = env.seconds("ATTACK_MODE_DELAY", "The wait an unrecognised browser sits out in attack mode.", default=5)
CLIENT_SESSION_IDLE_TIMEOUT = env.seconds("CLIENT_SESSION_IDLE_TIMEOUT", "A session ends after so long unused.", default=43_200)
REMEMBER_ME_LIFETIME = env.seconds("REMEMBER_ME_LIFETIME", "A session kept signed in ends after so long.", default=2_592_000)
REAUTH_LIFETIME = env.seconds("REAUTH_LIFETIME", "How long after a code contact data may be changed.", default=900)
RECOGNISED_BROWSER_LIFETIME = env.seconds("RECOGNISED_BROWSER_LIFETIME", "How long a browser that signed in is recognised.", default=31_536_000)

# --- Signing in as staff ----------------------------------------------------
STAFF_MFA_REQUIRED = env.flag("STAFF_MFA_REQUIRED", "Staff need a passkey or an authenticator app besides the code.", default=not DEMO)
STAFF_SESSION_LIFETIME = env.seconds("STAFF_SESSION_LIFETIME", "A staff session ends after so long.", default=1_209_600)
DOMAIN_CHECKS_PER_BUSINESS = env.text("DOMAIN_CHECKS_PER_BUSINESS", "Checks of its own domains that one business may request.", default="30/hour")
STAFF_INVITATIONS_PER_DAY = env.number("STAFF_INVITATIONS_PER_DAY", "Invitations to a team that one business may mail in a day.", default=50)
STAFF_INVITATION_LIFETIME = env.seconds("STAFF_INVITATION_LIFETIME", "How long an invitation may be taken up.", default=604_800)
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(STAFF_SESSION_LIFETIME.total_seconds())
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "portal.team.adapter.StaffAdapter"
ACCOUNT_FORMS = {"request_login_code": "tenants.staff.forms.RequestCodeForm", "confirm_login_code": "tenants.staff.forms.ConfirmCodeForm"}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = 2
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": False}
# Counted in Redis, as a first barrier. The limits that count are in the database: three guesses a code, ten codes an hour for a mailbox.
ACCOUNT_RATE_LIMITS = {"request_login_code": "60/10m/ip,10/h/key", "login_failed": "30/10m/ip,10/h/key"}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# The previous and the next code of an authenticator app are valid too (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {"add_webauthn": "tenants.staff.forms.AddPasskeyForm", "login_webauthn": "tenants.staff.forms.SignInPasskeyForm", "authenticate_webauthn": "tenants.staff.forms.AuthenticatePasskeyForm", "reauthenticate_webauthn": "tenants.staff.forms.ReauthenticatePasskeyForm"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "console:select-business"

# --- Sending ----------------------------------------------------------------
EMAIL_PROVIDERS = env.string_list("EMAIL_PROVIDERS", "Email providers in order: sendgrid, smtp, demo.", default=["demo"] if DEMO else ["sendgrid"])
SMS_PROVIDERS = env.string_list("SMS_PROVIDERS", "Text message providers in order: twilio, demo.", default=["demo"] if DEMO else ["twilio"])
SENDGRID_API_KEY = env.text("SENDGRID_API_KEY", "A SendGrid key with Mail Send, and Suppressions to have blocks lifted.", default="")
SENDGRID_BASE_URL = env.text("SENDGRID_BASE_URL", "SendGrid's API.", default="https://api.sendgrid.com").rstrip("/")
SENDGRID_WEBHOOK_PUBLIC_KEY = env.text("SENDGRID_WEBHOOK_PUBLIC_KEY", "Verifies SendGrid's Event Webhook.", default="")
TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID", "The Twilio account.", default="")
TWILIO_AUTH_TOKEN = env.text("TWILIO_AUTH_TOKEN", "Signs Twilio's callbacks and our requests.", default="")
TWILIO_FROM = env.text("TWILIO_FROM", "The number texts come from.", default="")
TWILIO_MESSAGING_SERVICE_SID = env.text("TWILIO_MESSAGING_SERVICE_SID", "Used instead of TWILIO_FROM.", default="")
TWILIO_BASE_URL = env.text("TWILIO_BASE_URL", "Twilio's API.", default="https://api.twilio.com").rstrip("/")
SMTP_URL = env.text("SMTP_URL", "smtps://user:password@host:465, or smtp://…:587 with STARTTLS; smtp+plain:// needs none.", default="")
MAIL_FROM = env.text("MAIL_FROM", "The address codes and notices come from.", default=f"portal@{PORTAL_DOMAIN}")
MAIL_DKIM_SELECTOR = env.text("MAIL_DKIM_SELECTOR", "Shown on the allow-list card.", default="s1")
PROVIDER_CONNECT_TIMEOUT = env.seconds("PROVIDER_CONNECT_TIMEOUT", "Longest wait for a provider's connection.", default=2)
PROVIDER_READ_TIMEOUT = env.seconds("PROVIDER_READ_TIMEOUT", "Longest wait for a provider's answer.", default=6)
DELIVERY_LEASE = env.seconds("DELIVERY_LEASE", "How long a worker may hold a delivery before another takes over.", default=15)
DELIVERY_MAX_CALLS = env.number("DELIVERY_MAX_CALLS", "Calls per message that may have reached the person.", default=3)
DELIVERY_RETENTION = env.seconds("DELIVERY_RETENTION", "How long completed outbox rows are kept.", default=1_209_600)
NOTIFICATION_LIFETIME = env.seconds("NOTIFICATION_LIFETIME", "A notification not sent by then is dropped.", default=86_400)
CHAT_EMAIL_DELAY = env.seconds("CHAT_EMAIL_DELAY", "How long what is written in a conversation is gathered before one mail tells of it.", default=300)
CHAT_MESSAGES_PER_HOUR = env.number("CHAT_MESSAGES_PER_HOUR", "Messages a client may write in an hour.", default=30)
CHAT_MESSAGES_PER_DAY = env.number("CHAT_MESSAGES_PER_DAY", "The same in a day.", default=100)
SWEEP_INTERVAL = env.seconds("SWEEP_INTERVAL", "How often the sweeper looks for due deliveries.", default=2)
BREAKER_FAILURE_THRESHOLD = env.number("BREAKER_FAILURE_THRESHOLD", "Failures in a row that open a provider's breaker.", default=5)
BREAKER_COOLDOWN = env.seconds("BREAKER_COOLDOWN", "How long an open breaker waits before one trial call.", default=15)
OUTAGE_THRESHOLD = env.seconds("OUTAGE_THRESHOLD", "Codes that wait longer, while no provider takes any, are an outage.", default=60)
OUTAGE_LOOKBACK = env.seconds("OUTAGE_LOOKBACK", "How long codes that were held back speak of an outage, when nobody asks for more.", default=1800)
DEMO_OUTBOX_DIR = env.text("DEMO_OUTBOX_DIR", "Where the demo's provider leaves mails and texts.", default=str(BASE_DIR / ".portico" / "outbox"))

# --- Observability ----------------------------------------------------------
SENTRY_DSN = env.text("SENTRY_DSN", "Where errors go; nowhere when empty.", default="")
SENTRY_ENVIRONMENT = env.text("SENTRY_ENVIRONMENT", "Named on every error.", default="demo" if DEMO else "production")
METRICS_DIR = env.text("PROMETHEUS_MULTIPROC_DIR", "Where each process leaves its numbers for `manage.py metrics`. Empty it before a start.", default="")
METRICS_PORT = env.number("METRICS_PORT", "The internal port of Prometheus metrics.", default=9400)
METRICS_HOST = env.text("METRICS_HOST", "The address that port listens on.", default="127.0.0.1")
LOG_LEVEL = env.choice("LOG_LEVEL", "debug, info, warning or error.", ["debug", "info", "warning", "error"], default="info")
LOG_FORMAT = env.choice("LOG_FORMAT", "json for machines, console for people.", ["json", "console"], default="console" if DEMO else "json")
LOGGING_CONFIG = "config.observability.start"
LOGGING = logging_config(level=LOG_LEVEL, style=LOG_FORMAT)
