"""A browser without JavaScript that signs in at a running web server."""

import itertools
import re

import requests

CSRF_FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class HttpBrowser:
    """A browser at one portal, with an IP address of its own unless one is given."""

    _ip_numbers = itertools.count()

    def __init__(self, port: int, slug: str = "acme", *, ip: str = "") -> None:
        high, low = divmod(next(self._ip_numbers), 250)
        self._base = f"http://127.0.0.1:{port}"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Host"] = f"{slug}.localhost"
        self._token: dict[str, str] = {}
        self._session.headers["X-Forwarded-For"] = ip or f"198.51.{high}.{low + 1}"

    def get(self, path: str) -> requests.Response:
        """Get a page."""
        return self._session.get(self._base + path, allow_redirects=False, timeout=60)

    def submit(self, path: str, **fields: str) -> requests.Response:
        """Post a form with the CSRF token of the last page."""
        return self._session.post(self._base + path, data=fields | self._token, allow_redirects=False, timeout=60)

    def request_code(self, identifier: str) -> requests.Response:
        """Open the sign-in page and request a code; return an error page if that was shown instead."""
        return self._submit_form("/sign-in/?again", "/sign-in/", identifier=identifier)

    def submit_code(self, code: str) -> requests.Response:
        """Open the code page and submit a code."""
        return self._submit_form("/sign-in/code/", "/sign-in/code/", code=code)

    def _submit_form(self, page: str, path: str, **fields: str) -> requests.Response:
        response = self.get(page)
        if response.status_code != 200:
            return response
        match = CSRF_FIELD.search(response.text)
        self._token = {"csrfmiddlewaretoken": match.group(1)} if match else {}
        return self.submit(path, **fields)
