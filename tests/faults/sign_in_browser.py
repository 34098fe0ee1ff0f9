"""How does somebody sign in when all they have is a browser and a running web server?"""

import itertools
import re

import requests

CSRF_FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class SignInBrowser:
    """One browser at one portal, on a network of its own unless told otherwise."""

    _ip_numbers = itertools.count()

    def __init__(self, port: int, slug: str = "acme", *, ip: str = "") -> None:
        high, low = divmod(next(self._ip_numbers), 250)
        self._base = f"http://127.0.0.1:{port}"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Host"] = f"{slug}.localhost"
        self._token: dict[str, str] = {}
        self._session.headers["X-Forwarded-For"] = ip or f"198.51.{high}.{low + 1}"

    def open(self, path: str) -> requests.Response:
        """Look at a page."""
        return self._session.get(self._base + path, allow_redirects=False, timeout=60)

    def submit(self, path: str, **fields: str) -> requests.Response:
        """Send a page's form, with the token the page at hand came with."""
        return self._session.post(self._base + path, data=fields | self._token, allow_redirects=False, timeout=60)

    def request_code(self, identifier: str) -> requests.Response:
        """Open the sign-in page and ask for a code; where the page can't be shown, return what was."""
        return self._submit_form("/sign-in/?again", "/sign-in/", identifier=identifier)

    def submit_code(self, code: str) -> requests.Response:
        """Open the page that takes the code and type it."""
        return self._submit_form("/sign-in/code/", "/sign-in/code/", code=code)

    def _submit_form(self, page: str, path: str, **fields: str) -> requests.Response:
        response = self.open(page)
        if response.status_code != 200:
            return response
        match = CSRF_FIELD.search(response.text)
        self._token = {"csrfmiddlewaretoken": match.group(1)} if match else {}
        return self.submit(path, **fields)
