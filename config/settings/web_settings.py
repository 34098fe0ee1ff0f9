"""Settings of what every request passes and every page needs: middleware, cookies, headers, templates, languages."""

import os
import tempfile
from pathlib import Path

from whitenoise.compress import Compressor

from config import env, template_settings
from config.settings.host_settings import HTTPS
from config.settings.installation_settings import BASE_DIR
from config.settings.installed_apps import INSTALLED_APPS
from tenants import limits

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
    # Outside all that may answer with an error page, inside what gives the request its id.
    "api.protocol.problem_middleware.ProblemMiddleware",
    "tenants.middleware.BusinessMiddleware",
    # Outside all that may refuse a request of the API, whose scripts are to read why.
    "portal.embeds.cors_middleware.CorsMiddleware",
    "tenants.middleware.MovedPortalMiddleware",
    "tenants.middleware.SuspensionMiddleware",
    "tenants.head_middleware.HeadMiddleware",
    "tenants.staff.middleware.StaffSessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # required by allauth; it uses neither session nor database
    "portal.access.middleware.ClientSessionMiddleware",
    # Before the CSRF middleware, which reads the body.
    "portal.ui.body_middleware.BodyAdmissionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.common.CommonMiddleware",
]

# --- Cookies and headers ---
# "__Host-" works only over TLS; it stops one portal from setting cookies for another.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.ui.error_views.show_csrf_failure"
# Only staff have Django sessions, and only the platform host sets their cookie.
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}staff"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
CONTENT_SECURITY_POLICY = template_settings.CONTENT_SECURITY_POLICY
DATA_UPLOAD_MAX_MEMORY_SIZE = limits.FORM_BYTES
# The size limit of a form with files is set by its page: see tenants.body_limits.
FILE_UPLOAD_HANDLERS = [
    "tenants.body_limits.BodyLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Files from strangers, which child processes open ---
SANDBOX_PROCESSES = env.read_integer(
    "SANDBOX_PROCESSES", "Uploaded workbooks and images that one machine or pod opens at once.", default=2
)
SANDBOX_MEMORY = env.read_integer("SANDBOX_MEMORY", "How much memory opening one of them may take, in MB.", default=320)
SANDBOX_LOCK_DIR = Path(tempfile.gettempdir()) / f"portico-sandbox-{os.getuid()}"

# --- Pages ---
TEMPLATES = template_settings.build_template_engines(BASE_DIR / "templates")
COTTON_DIR = "components"
STATIC_URL = "/static/"
STATIC_ROOT = env.read_string(
    "STATIC_ROOT", "Where `manage.py collectstatic` puts static files.", default=str(BASE_DIR / "assets" / "collected")
)
STATICFILES_DIRS = [BASE_DIR / "assets" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Source maps of other packages are large, and only debuggers read them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

# --- Languages and time ---
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# One catalogue for each app of ours that has texts; named here, they take precedence over those of other packages.
LOCALE_PATHS = [folder for app in INSTALLED_APPS if (folder := BASE_DIR / app.replace(".", "/") / "locale").is_dir()]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
