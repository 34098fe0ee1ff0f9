"""The Django app for the API."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The API for programs, and the webhooks of providers."""

    name = "api"
