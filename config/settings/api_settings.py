"""Settings of the API: how much of it may be used, and how it is read, answered and documented."""

from typing import Any

from config import env

API_REQUESTS_PER_KEY = env.read_rate(
    "API_REQUESTS_PER_KEY", "How many requests one API key may send.", default="600/minute"
)
API_REQUESTS_PER_BUSINESS = env.read_rate(
    "API_REQUESTS_PER_BUSINESS", "How many requests all API keys of a business may send.", default="1200/minute"
)
API_REQUESTS_PER_SESSION = env.read_rate(
    "API_REQUESTS_PER_SESSION", "How many requests one session of a client may send to the API.", default="300/minute"
)
API_REQUESTS_PER_NETWORK = env.read_rate(
    "API_REQUESTS_PER_NETWORK",
    "How many requests without a valid key or token one network may send.",
    default="60/minute",
)

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["api.protocol.parsers.ShallowJsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.operation_schemas.OperationSchema",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "api.protocol.exception_handler.handle_exception",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": False,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # What is sent and what is answered differ: unknown fields are refused, but new ones may be answered at any time.
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Enums stay where they are used: a name that depends on all other enums would change with them.
    "POSTPROCESSING_HOOKS": [],
}
