"""Settings of host names and addresses: the platform's, those of portals, and proxies in front."""

from urllib.parse import urlsplit

from config import env

PLATFORM_HOST = env.read_string(
    "PLATFORM_HOST", "The host name of the platform: its console, and the hooks of providers."
).lower()
PORTAL_DOMAIN = env.read_string("PORTAL_DOMAIN", "Portals are one label below this domain.").lower()
PUBLIC_URL = env.read_string(
    "PUBLIC_URL", "The platform's public URL: with the scheme, and the port unless it is the scheme's default."
).rstrip("/")
_public = urlsplit(PUBLIC_URL)
HTTPS = _public.scheme == "https"
PUBLIC_PORT = f":{_public.port}" if _public.port else ""

TRUSTED_PROXY_COUNT = env.read_integer(
    "TRUSTED_PROXY_COUNT",
    "The number of proxies in front. 0: X-Forwarded-For and -Proto are ignored; 1: the last hop is the client.",
    default=0,
)
USE_X_FORWARDED_HOST = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None

# BusinessMiddleware decides which hosts are served: custom domains are added and removed without a restart.
ALLOWED_HOSTS = ["*"]
HOST_CACHE_SECONDS = env.read_integer(
    "HOST_CACHE_SECONDS", "How many seconds a process caches what a host name leads to.", default=4
)
HOST_CACHE_SIZE = env.read_integer(
    "HOST_CACHE_SIZE", "How many host names, known and unknown, a process caches.", default=10_000
)
DNS_RESOLVER = env.read_string(
    "DNS_RESOLVER",
    "The name server that custom domains are looked up at, as host:port. The machine's own when unset.",
    default="",
)

# The platform's URLs are the public schema's; a portal's are chosen by BusinessMiddleware.
ROOT_URLCONF = PUBLIC_SCHEMA_URLCONF = "config.urls_platform"
PORTAL_URLCONF = "config.urls_portal"
WSGI_APPLICATION = "config.wsgi.application"
