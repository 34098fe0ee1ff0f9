"""What many operations share in the schema: problem documents, headers, and parameters in headers."""

from typing import Any

from api.protocol.error_codes import ErrorCode
from api.protocol.idempotency import MAX_KEY_LENGTH
from api.protocol.problems import MEDIA_TYPE, get_error_code

TEXT = {"type": "string"}
PROBLEM = {
    "type": "object",
    "description": "What went wrong, as of RFC 9457.",
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Where the code is explained."},
        "title": {"type": "string", "description": "What the code means, always in the same words."},
        "status": {"type": "integer", "description": "The status of the response."},
        "code": {"type": "string", "description": "The kind of problem; it never changes its meaning."},
        "detail": {"type": "string", "description": "A sentence for people. Its words may change."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldError"}},
        "request_id": {"type": "string", "description": "Name it when you ask for help."},
    },
    "required": ["type", "title", "status", "code", "detail"],
}
FIELD_ERROR = {
    "type": "object",
    "description": "What is wrong with one field.",
    "properties": {
        "field": {"type": "string", "description": "Its path in the body or query: `contacts[0].value`."},
        "code": TEXT,
        "message": {"type": "string", "description": "A sentence for people. Its words may change."},
    },
    "required": ["field", "code", "message"],
}
HEADERS = {
    "X-Request-Id": "The id of the request. Name it when you ask for help.",
    "RateLimit-Policy": "The limit: `q` requests in `w` seconds.",
    "RateLimit": "What is left of the limit: `r` requests, for `t` seconds.",
    "Retry-After": "In how many seconds to try again.",
    "WWW-Authenticate": "How to authenticate.",
    "ETag": "The state that was read. Send it as `If-Match` with a change, or as `If-None-Match` to read again.",
    "Idempotency-Replayed": "`true` if the request had been done before, and this is the answer it got then.",
    "Deprecation": "Since when the operation is deprecated, as of RFC 9745.",
    "Link": "Where the deprecation is explained.",
    "Sunset": "From when the operation may be gone, as of RFC 8594.",
}
PARAMETERS = {
    "IdempotencyKey": (
        "Idempotency-Key",
        "A request with the key of an earlier one is not done again: it gets the same answer, for 24 hours.",
        {"type": "string", "maxLength": MAX_KEY_LENGTH, "pattern": "^[ -~]*$"},
    ),
    "IfMatch": ("If-Match", "The `ETag` that was read. If it has changed since, nothing is done (412).", TEXT),
    "IfNoneMatch": ("If-None-Match", "The `ETag` that was read. If it is still the same, no body is sent (304).", TEXT),
}
# By the name of the schema.
SECURITY_SCHEMES = {
    "business": {
        "apiKey": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "pk_…",
            "description": "A key that was made in the console, or by an operator’s command. "
            "It may do what its scopes name, and never more than who made it.",
        }
    },
    "portal": {
        "accessToken": {
            "type": "http",
            "scheme": "bearer",
            "description": "What a client’s program got when the client signed in. It is valid for 15 minutes.",
        },
        "portalCookie": {
            "type": "apiKey",
            "in": "cookie",
            "name": "__Host-session",
            "description": "What the portal’s own pages have. Unsafe methods need the CSRF token as well.",
        },
    },
}
HEADERS_BY_STATUS = {
    401: ("WWW-Authenticate",),
    409: ("Retry-After",),
    429: ("Retry-After", "RateLimit-Policy", "RateLimit"),
    503: ("Retry-After",),
}


def build_components(schema_name: str) -> dict[str, dict[str, Any]]:
    """Return the components that the operations of a schema refer to."""
    return {
        "schemas": {"Problem": PROBLEM, "FieldError": FIELD_ERROR},
        "responses": dict(_build_problem_response(status) for status in sorted({code.status for code in ErrorCode})),
        "securitySchemes": SECURITY_SCHEMES[schema_name],
        "headers": {name: {"description": text, "schema": TEXT} for name, text in HEADERS.items()},
        "parameters": {
            key: {"name": name, "in": "header", "description": text, "schema": schema}
            for key, (name, text, schema) in PARAMETERS.items()
        },
    }


def refer_to_problem(status: int) -> dict[str, str]:
    """Return the reference to the response of a problem."""
    return {"$ref": f"#/components/responses/{_name_response(status)}"}


def refer_to_headers(*names: str) -> dict[str, dict[str, str]]:
    """Return references to response headers."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def refer_to_parameter(key: str) -> dict[str, str]:
    """Return the reference to a parameter."""
    return {"$ref": f"#/components/parameters/{key}"}


def _name_response(status: int) -> str:
    return get_error_code(status).name.title().replace("_", "")


def _build_problem_response(status: int) -> tuple[str, dict[str, Any]]:
    codes = [code for code in ErrorCode if code.status == status]
    narrowed = {"properties": {"status": {"const": int(status)}, "code": {"enum": [code.key for code in codes]}}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]}
    return _name_response(status), {
        "description": "\n".join(f"- `{code.key}`: {code.title}. {code.remedy}" for code in codes),
        "headers": refer_to_headers("X-Request-Id", *HEADERS_BY_STATUS.get(status, ())),
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
