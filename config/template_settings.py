"""Template engine settings and the content security policy of all pages."""

from pathlib import Path
from typing import Any

# Everything comes from the host itself, and inline scripts and styles are forbidden.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
TEMPLATE_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.messages.context_processors.messages",
    "portal.ui.context_processors.base_context",
    "tenants.staff.context_processors.console_context",
    "tenants.nouns.context_processors.noun_context",
]
BUILTIN_TAG_LIBRARIES = [
    "django_cotton.templatetags.cotton",
    "django.templatetags.i18n",
    "django.templatetags.static",
    "portal.ui.templatetags.icons",
    "portal.ui.templatetags.ui",
]


def build_template_engines(folder: Path) -> list[dict[str, Any]]:
    """Return Django's TEMPLATES. Allauth looks for its templates at the top level, so `staff/` is a second root."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [folder, folder / "staff"],
            "APP_DIRS": False,
            "OPTIONS": {
                "loaders": [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
                "context_processors": CONTEXT_PROCESSORS,
                "builtins": BUILTIN_TAG_LIBRARIES,
            },
        }
    ]
