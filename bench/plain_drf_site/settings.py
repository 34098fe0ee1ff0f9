"""Settings of plain Django and Django REST Framework with one schema, without authentication."""

from bench.one_query_site.plain_django_settings import *  # noqa: F403

MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # It sets Content-Length.
ROOT_URLCONF = "bench.plain_drf_site.urls"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
