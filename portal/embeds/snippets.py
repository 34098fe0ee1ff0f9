"""What staff paste into their website to show a form there."""

from dataclasses import dataclass
from html import escape

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise

from tenants.hostnames import build_absolute_url, get_portal_host
from tenants.models import Business
from tenants.nouns import page_registry, registry
from tenants.nouns.embed_declarations import Embed

INLINE_HTML = """<iframe
  src="{url}"
  title="{label}" width="100%" height="700" frameborder="0"
></iframe>
<script src="{script_url}" async></script>"""
BUTTON_HTML = """<a
  href="{page_url}"
  data-portal-form="{url}"
>{label}</a>
<script src="{script_url}" async></script>"""


@dataclass(frozen=True)
class EmbedSnippets:
    """A form for other websites: the addresses that its snippets are made of, and the snippets."""

    key: str
    label: str | Promise
    url: str
    page_url: str
    script_url: str

    @property
    def inline_html(self) -> str:
        """Return the HTML that shows the form in a page."""
        return self._fill(INLINE_HTML)

    @property
    def button_html(self) -> str:
        """Return the HTML of a button that opens the form on top of a page."""
        return self._fill(BUTTON_HTML)

    def _fill(self, snippet: str) -> str:
        values = {"label": self.label, "url": self.url, "page_url": self.page_url, "script_url": self.script_url}
        return snippet.format_map({name: escape(str(value)) for name, value in values.items()})


def list_embed_snippets(business: Business) -> list[EmbedSnippets]:
    """Return the forms that a business has for other websites, in order."""
    host = get_portal_host(business)
    script_url = _build_url(host, "embeds:script")
    return [
        EmbedSnippets(
            key=embed.key,
            label=embed.label,
            url=_build_url(host, embed.url_name),
            page_url=_build_url(host, embed.page_url_name),
            script_url=script_url,
        )
        for embed in page_registry.list_embeds()
        if _is_available(embed, business)
    ]


def _build_url(host: str, url_name: str) -> str:
    return build_absolute_url(host, reverse(url_name, urlconf=settings.PORTAL_URLCONF))


def _is_available(embed: Embed, business: Business) -> bool:
    return registry.import_dotted_path(embed.is_available)(business)
