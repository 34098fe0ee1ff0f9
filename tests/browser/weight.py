"""Measures how many bytes a page takes in a browser with an empty cache."""

from tests.browser.visitor import Visitor

# A browser fetches the icon when it pleases, long after the page or not at all; shown as a picture it comes at once.
ICON = """() => new Promise((done) => {
  const icon = new Image()
  icon.onload = icon.onerror = () => done()
  icon.src = document.querySelector("link[rel=icon]").href
})"""
NEEDED = """() => document.fonts.ready.then(() =>
  [location.href.split("#")[0], ...performance.getEntriesByType("resource").map((one) => one.name)])"""


def measure_weight(visitor: Visitor) -> dict[str, int]:
    """Load the page at hand as if for the first time; return the bytes of every answer, headers included."""
    line = visitor.context.new_cdp_session(visitor.page)
    urls, sizes = {}, {}

    def record_size(event) -> None:
        # What was still on its way when we began to listen belongs to the visit before.
        if event["requestId"] in urls:
            sizes[urls[event["requestId"]]] = event["encodedDataLength"]

    line.on("Network.responseReceived", lambda event: urls.update({event["requestId"]: event["response"]["url"]}))
    line.on("Network.loadingFinished", record_size)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    visitor.page.reload(wait_until="load")
    visitor.page.evaluate(ICON)
    # Each question to the page also brings what the browser has reported since.
    while not {*visitor.page.evaluate(NEEDED), *urls.values()} <= sizes.keys():
        pass
    line.detach()
    return sizes
