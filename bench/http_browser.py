"""A minimal HTTP browser for load tests: it keeps its connection, its cookies and its form token."""

import http.client
import socket
import time
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

# Any 32 letters are valid, as long as the cookie and the form agree.
CSRF_TOKEN = "b" * 32
_ip_numbers = count(1)


@dataclass
class Response:
    """The parts of one response that the benchmarks look at, and the seconds it took."""

    status: int
    location: str
    seconds: float


class KeepAliveConnection:
    """One connection to a server that stays open; like a proxy's, it serves one person after the other."""

    def __init__(self, port: int):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._connection.connect()
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(
        self, method: str, path: str, body: str, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, float]:
        """Send one request and read its response; return the response and the seconds it took."""
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        response.read()
        return response, time.perf_counter() - began

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@dataclass
class HttpBrowser:
    """One visitor's browser, without cookies at first, from an IP address of its own."""

    connection: KeepAliveConnection
    host: str
    csrf_cookie: str
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cookies[self.csrf_cookie] = CSRF_TOKEN
        number = next(_ip_numbers)
        self.ip = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def post(self, path: str, **fields: str) -> Response:
        """Send a form."""
        body = urlencode({"csrfmiddlewaretoken": CSRF_TOKEN} | fields)
        return self._send_request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def get(self, path: str) -> Response:
        """Open a page."""
        return self._send_request("GET", path, "", {})

    def _send_request(self, method: str, path: str, body: str, headers: dict[str, str]) -> Response:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        own = {
            "Host": self.host,
            "Cookie": cookies,
            "X-Forwarded-For": self.ip,
            "User-Agent": "Firefox/140.0 (Linux)",
        }
        response, seconds = self.connection.request(method, path, body, headers | own)
        for cookie in response.msg.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            if name != self.csrf_cookie:
                self.cookies[name] = value
        return Response(response.status, response.headers.get("Location", ""), seconds)
