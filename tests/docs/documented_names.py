"""Tells whether a name in the documents exists, with one function for each kind of name."""

import pkgutil
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from importlib import import_module
from itertools import chain
from urllib.parse import urlsplit

from django.core.management import get_commands, load_command_class
from django.test import Client
from django.urls import URLResolver, get_resolver
from prometheus_client import REGISTRY

from portal.clients.demo.sample_clients import iter_sample_clients
from portal.demo.services import BUSINESSES, PERSON_NAMES
from tenants.metrics_collector import DatabaseCollector
from tenants.models import Queue
from tenants.nouns import registry
from tests.architecture.test_source_layout import FOLDERS, list_tracked_files
from tests.docs.markdown_documents import ROOT, find_documented_commands, read_code_blocks
from workers import actors

URLCONFS = ("config.urls_platform", "config.urls_portal")
HEADERS = {
    "Host": "get_host()",
    "X-Forwarded-For": "HTTP_X_FORWARDED_FOR",
    "X-Forwarded-Proto": "HTTP_X_FORWARDED_PROTO",
}


def names_command_option(text: str, _document: str) -> bool:
    """An option that one of our commands takes."""
    ours = [load_command_class(app, name) for name, app in get_commands().items() if app.split(".")[0] in FOLDERS]
    return any(
        text in action.option_strings for candidate in ours for action in candidate.create_parser("", "")._actions
    )


def names_metric(text: str, _document: str) -> bool:
    """A metric that a scrape finds, with these labels."""
    name, _brace, selector = text.partition("{")
    labels = dict(re.findall(r'(\w+)="(\w+)"', selector))
    samples = [
        sample for family in chain(REGISTRY.collect(), DatabaseCollector().collect()) for sample in family.samples
    ]
    return any(candidate.name == name and labels.items() <= candidate.labels.items() for candidate in samples)


def names_environment_variable(text: str, _document: str) -> bool:
    """An environment variable that `.env.example` explains, which a test keeps complete."""
    return re.search(rf"\b{text}\b", (ROOT / ".env.example").read_text()) is not None


def names_variable_assignment(text: str, document: str) -> bool:
    """A setting, or a variable that make offers, with a value."""
    name = text.partition("=")[0]
    return (
        names_environment_variable(name, document)
        or re.search(rf"\b{name}=", (ROOT / "Makefile").read_text()) is not None
    )


def names_request_header(text: str, _document: str) -> bool:
    """A header of a request that our code reads."""
    return text in HEADERS and HEADERS[text] in read_source()


def names_url(text: str, _document: str) -> bool:
    """An address that we serve, or one of a provider that we call; `…` and `<…>` stand for anything."""
    host, path = _split_url(re.sub(r"^[A-Z]+ ", "", text))
    if path.startswith("/v3/"):
        return f'"{path.rstrip("…")}' in read_source("workers/providers")
    wanted = re.escape(path).replace("…", ".+")
    wanted = re.sub(r"<[^/]+>", "[^/]+", wanted)
    return _is_demo_host(host) and (any(re.fullmatch(wanted, route) for route in iter_routes()) or _page_exists(path))


def names_link_target(text: str, document: str) -> bool:
    """Where a link leads: to us, to a file, or to one of the few places outside that we name."""
    return (names_url if "://" in text else names_path)(text, document)


def names_path(text: str, document: str) -> bool:
    """Tell whether a path exists from the project's top or from the document, or is made by commands and not in git."""
    pattern = re.sub(r"<\w+>", "*", text)
    kept_out = (ROOT / ".gitignore").read_text().split()
    made = any(fnmatch(text.rstrip("/"), line.rstrip("/")) for line in kept_out)
    return made or any(list(place.glob(pattern)) for place in (ROOT, (ROOT / document).parent))


def names_source_path(text: str, document: str) -> bool:
    """A file by the end of its path."""
    return names_path(text, document) or any(
        f"/{known}".endswith(f"/{text}") for known in list_project_files(*FOLDERS, "templates")
    )


def names_event_type(text: str, _document: str) -> bool:
    """A kind of timeline entry."""
    return text in registry.get_event_type_labels()


def names_timeline_data(text: str, _document: str) -> bool:
    """What a timeline entry's data says, as Python prints it."""
    return re.findall(r"\w+", text)[0] in list_timeline_keys()


def list_timeline_keys() -> set[str]:
    """Return the keys that timeline entries' data keep for good."""
    return set(chain.from_iterable(registry.get_non_personal_event_keys().values()))


def names_demo_person(text: str, _document: str) -> bool:
    """Somebody of the demo."""
    clients = [sample for slug in BUSINESSES for sample in iter_sample_clients(slug)]
    return text in {
        *PERSON_NAMES,
        *(candidate.email for candidate in clients),
        *(candidate.mobile for candidate in clients),
    }


def names_actor_or_command(text: str, _document: str) -> bool:
    """A job that workers do, or a command of ours."""
    for module in pkgutil.iter_modules(actors.__path__):
        import_module(f"workers.actors.{module.name}")
    return text in actors.broker.actors or text in get_commands()


def names_queue_or_program(text: str, document: str) -> bool:
    """A queue, a fact of the timeline, a program or package we ask for, or what the document's own blocks name."""
    asked_for = text == "make" or re.fullmatch(r"python3(\.\d+)?", text) or text in (ROOT / "Makefile").read_text()
    package = f'"{text}' in (ROOT / "pyproject.toml").read_text()
    own = "\n".join(candidate.text for candidate in read_code_blocks(document) if candidate.language is not None)
    in_a_block = "." in text and re.search(rf"(?<![\w.]){re.escape(text)}(?![\w.])", own)
    return text in (*Queue.values, *list_timeline_keys()) or any((asked_for, package, in_a_block))


def names_code_identifier(text: str, _document: str) -> bool:
    """Names that our code knows, every one of `a.b.c(d)` but those in brackets."""
    named = re.findall(r"\w+", re.sub(r"\(.*|<.*", "", text)) or re.findall(r"\w+", text)
    return set(named) <= list_code_words()


def iter_routes() -> Iterator[str]:
    """Yield every address we serve, `acme` where a value stands."""
    for urlconf in URLCONFS:
        yield from _iter_routes_below("/", get_resolver(urlconf))


@cache
def list_project_files(*folders: str) -> list[str]:
    """Return the paths of what belongs to the project below some folders."""
    return list_tracked_files(*folders)


@cache
def read_source(*folders: str) -> str:
    """Return what is written in some folders, all that run in production if none is named."""
    return "\n".join(
        (ROOT / name).read_text() for name in list_project_files(*(folders or FOLDERS)) if name.endswith(".py")
    )


@cache
def list_code_words() -> set[str]:
    """Return every word of the code that runs in production, and of the paths it lies at."""
    return set(re.findall(r"\w+", read_source() + " ".join(list_project_files(*FOLDERS))))


def _iter_routes_below(start: str, resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = start + re.sub(r"<[^>]+>", "acme", str(pattern.pattern))
        yield from _iter_routes_below(route, pattern) if isinstance(pattern, URLResolver) else [route]


def _split_url(text: str) -> tuple[str, str]:
    whole = urlsplit(text.replace("<platform host>", "localhost:8000"))
    return whole.netloc, whole.path


def _is_demo_host(host: str) -> bool:
    made = {
        candidate.arguments[candidate.arguments.index("--slug") + 1]
        for candidate in find_documented_commands()
        if "--slug" in candidate.arguments
    }
    return host in {"", "localhost:8000", *(f"{slug}.localhost:8000" for slug in {*BUSINESSES, *made})}


def _page_exists(path: str) -> bool:
    return Client(headers={"host": "localhost"}).get(path).status_code != 404
