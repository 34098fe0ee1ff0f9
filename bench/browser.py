"""How does one person's browser behave? It keeps its connection, its cookies and its form token."""

import http.client
import socket
import time
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

# Any 32 letters will do: the cookie and the form have to agree, as they do after a page was loaded.
TOKEN = "b" * 32
_addresses = count(1)


@dataclass
class Answer:
    """What came back, and how long it took."""

    status: int
    location: str
    seconds: float


class Line:
    """One connection to a server, kept open; as a proxy's would be, it serves one person after the other."""

    def __init__(self, port: int):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._connection.connect()
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> tuple[http.client.HTTPResponse, float]:
        """Send one request, read all of its answer, and tell how many seconds passed."""
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        response.read()
        return response, time.perf_counter() - began

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@dataclass
class Browser:
    """Somebody who comes for the first time, from a network of their own."""

    line: Line
    host: str
    token_cookie: str
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.cookies[self.token_cookie] = TOKEN
        number = next(_addresses)
        self.network = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form."""
        body = urlencode({"csrfmiddlewaretoken": TOKEN} | fields)
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, "", {})

    def _ask(self, method: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        own = {
            "Host": self.host,
            "Cookie": cookies,
            "X-Forwarded-For": self.network,
            "User-Agent": "Firefox/140.0 (Linux)",
        }
        response, seconds = self.line.ask(method, path, body, headers | own)
        for cookie in response.msg.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            if name != self.token_cookie:
                self.cookies[name] = value
        return Answer(response.status, response.headers.get("Location", ""), seconds)
