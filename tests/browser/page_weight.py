"""Measures how many bytes a page takes in a browser with an empty cache."""

from tests.browser.browser_user import BrowserUser

# A browser may fetch the icon late or never; loaded as an image it is fetched at once.
LOAD_FAVICON = """() => new Promise((done) => {
  const icon = new Image()
  icon.onload = icon.onerror = () => done()
  icon.src = document.querySelector("link[rel=icon]").href
})"""
LOADED_URLS = """() => document.fonts.ready.then(() =>
  [location.href.split("#")[0], ...performance.getEntriesByType("resource").map((entry) => entry.name)])"""


def measure_weight(user: BrowserUser) -> dict[str, int]:
    """Load the page at hand as if for the first time; return the bytes of every answer, headers included."""
    cdp_session = user.context.new_cdp_session(user.page)
    urls, sizes = {}, {}

    def record_response_size(event) -> None:
        # A response that began before this listener belongs to the previous visit.
        if event["requestId"] in urls:
            sizes[urls[event["requestId"]]] = event["encodedDataLength"]

    cdp_session.on(
        "Network.responseReceived", lambda event: urls.update({event["requestId"]: event["response"]["url"]})
    )
    cdp_session.on("Network.loadingFinished", record_response_size)
    cdp_session.send("Network.enable")
    cdp_session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    user.page.reload(wait_until="load")
    user.page.evaluate(LOAD_FAVICON)
    # Each call into the page also delivers the events that the browser has reported since.
    while not {*user.page.evaluate(LOADED_URLS), *urls.values()} <= sizes.keys():
        pass
    cdp_session.detach()
    return sizes
