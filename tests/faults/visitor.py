"""How does somebody sign in when all they have is a browser and a running web server?"""

import itertools
import re

import requests

HIDDEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """One browser at one portal, on a network of its own unless told otherwise."""

    _networks = itertools.count()

    def __init__(self, port: int, slug: str = "acme", *, network: str = "") -> None:
        high, low = divmod(next(self._networks), 250)
        self._base = f"http://127.0.0.1:{port}"
        self._web = requests.Session()
        self._web.trust_env = False
        self._web.headers["Host"] = f"{slug}.localhost"
        self._token: dict[str, str] = {}
        self._web.headers["X-Forwarded-For"] = network or f"198.51.{high}.{low + 1}"

    def open(self, path: str) -> requests.Response:
        """Look at a page."""
        return self._web.get(self._base + path, allow_redirects=False, timeout=60)

    def submit(self, path: str, **fields: str) -> requests.Response:
        """Send a page's form, with the token the page at hand came with."""
        return self._web.post(self._base + path, data=fields | self._token, allow_redirects=False, timeout=60)

    def ask(self, identifier: str) -> requests.Response:
        """Open the sign-in page and ask for a code; where the page can't be shown, return what was."""
        return self._fill_in("/sign-in/?again", "/sign-in/", identifier=identifier)

    def answer(self, code: str) -> requests.Response:
        """Open the page that takes the code and type it."""
        return self._fill_in("/sign-in/code/", "/sign-in/code/", code=code)

    def _fill_in(self, page: str, path: str, **fields: str) -> requests.Response:
        shown = self.open(page)
        if shown.status_code != 200:
            return shown
        found = HIDDEN.search(shown.text)
        self._token = {"csrfmiddlewaretoken": found.group(1)} if found else {}
        return self.submit(path, **fields)
