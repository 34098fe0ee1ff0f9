"""Fixtures for custom domains: a name server, and a TLS server behind the domain."""

import ssl
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
import trustme
from pytest_httpserver import HTTPServer

from tenants.domains import custom_domains, https_probe
from tenants.models import CustomDomain
from tests.fakes.fake_dns_server import FakeDnsServer

DOMAIN = "portal.acme.example"
HERE = "127.0.0.1"


@pytest.fixture
def dns_server(settings) -> Iterator[FakeDnsServer]:
    """The name server that Portico queries. It has records of the platform's host alone."""
    with FakeDnsServer() as dns_server:
        settings.DNS_RESOLVER = dns_server.address
        dns_server.set_record(settings.PLATFORM_HOST, "A", HERE)
        yield dns_server


@pytest.fixture
def custom_domain(acme, now) -> CustomDomain:
    """A domain that Acme has added."""
    return custom_domains.add_domain(business=acme, domain=DOMAIN, now=now)


@pytest.fixture
def verify_domain_as_staff(
    dns_server, now, django_capture_on_commit_callbacks
) -> Callable[[CustomDomain], CustomDomain]:
    """Return a function that checks a domain, as the button does."""

    def verify_domain_as_staff(custom_domain: CustomDomain, at: datetime = now) -> CustomDomain:
        with django_capture_on_commit_callbacks(execute=True):
            return custom_domains.verify_domain(custom_domain=custom_domain, now=at)

    return verify_domain_as_staff


@pytest.fixture
def verified_domain(custom_domain, dns_server, verify_domain_as_staff) -> CustomDomain:
    """A domain whose TXT record was found."""
    dns_server.set_record(custom_domain.txt_name, "TXT", f'"{custom_domain.txt_value}"')
    return verify_domain_as_staff(custom_domain)


@pytest.fixture
def trust_certificate(monkeypatch, tmp_path) -> Callable[[str], ssl.SSLContext]:
    """Return a function that makes a certificate that this machine trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))

    def build_trusted_context(name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(name).configure_cert(context)
        return context

    return build_trusted_context


@pytest.fixture
def start_domain_server(settings, trust_certificate) -> Iterator[Callable[..., HTTPServer]]:
    """Return a function that puts a web server where the domain points, with a certificate for `name`."""
    servers: list[HTTPServer] = []

    def start_domain_server(name: str = DOMAIN, *, says: str | None = None) -> HTTPServer:
        server = FastStoppingServer(host=HERE, port=0, ssl_context=trust_certificate(name))
        server.expect_request(https_probe.PATH).respond_with_data(
            https_probe.derive_probe_token(DOMAIN) if says is None else says
        )
        server.start()
        servers.append(server)
        settings.HTTPS, settings.PUBLIC_PORT = True, f":{server.port}"
        return server

    yield start_domain_server
    for server in servers:
        if server.is_running():
            server.stop()


class FastStoppingServer(HTTPServer):
    """A server that checks 100 times a second whether it should stop, where the library's checks twice."""

    def thread_target(self) -> None:
        """Serve until it is stopped."""
        assert self.server is not None
        self.server.serve_forever(poll_interval=0.01)
