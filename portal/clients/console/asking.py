"""What does an address of the list, or a form on it, ask for? Whatever makes no sense asks for nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.http import QueryDict

from portal.clients import services
from portal.clients.models import Client, CustomField
from portal.clients.services.paging import ORDERS
from portal.clients.services.searching import SEEN
from portal.ui import inputs

LONGEST = 200
YES_OR_NO = ("yes", "no")
CHOICES = {
    "status": (*Client.Status.values, "all"),
    "source": tuple(Client.Source.values),
    "can": YES_OR_NO,
    "mobile": YES_OR_NO,
    "seen": (*SEEN, "long-ago", "never"),
}
FILTERABLE = (CustomField.Kind.CHOICE, CustomField.Kind.YES_NO)


@dataclass(frozen=True)
class Asked:
    """A question, the order of its answer and the place in it, with the address that says the same without the place."""

    question: services.Question
    order: str
    place: str
    query: str

    @property
    def is_everybody(self) -> bool:
        """Tell whether nothing narrows the list."""
        return not self.question.words and not self.question.is_filtered

    def sorted_by(self, column: str) -> str:
        """Return the query that sorts by a column, or turns the order round where it is that column's already."""
        params = QueryDict(self.query, mutable=True)
        params["sort"] = f"-{column}" if self.order == column else column
        return params.urlencode()


def read(params: QueryDict, fields: Iterable[CustomField]) -> Asked:
    """Read an address or a form."""
    chosen = {name: value for name, values in CHOICES.items() if (value := params.get(name, "")) in values}
    question = services.Question(
        words=inputs.clean_text(params.get("q", ""), max_length=LONGEST),
        status=chosen.get("status", ""),
        tags=tuple(key for key in map(inputs.parse_uuid, params.getlist("tag")[:10]) if key),
        source=chosen.get("source", ""),
        sign_in=chosen.get("can", ""),
        mobile=chosen.get("mobile", ""),
        seen=chosen.get("seen", ""),
        custom=_custom(params, fields),
    )
    order = params.get("sort", "")
    asked = Asked(question, order if order.lstrip("-") in ORDERS else "name", params.get("at", "")[:500], "")
    return replace(asked, query=_query(asked, params))


def _custom(params: QueryDict, fields: Iterable[CustomField]) -> dict[str, str | bool]:
    asked = {str(field.pk): (field, params.get(f"f-{field.pk}", "")) for field in fields if field.kind in FILTERABLE}
    custom: dict[str, str | bool] = {}
    for key, (field, value) in asked.items():
        if field.kind == CustomField.Kind.YES_NO and value in YES_OR_NO:
            custom[key] = value == "yes"
        elif value in field.choices:
            custom[key] = value
    return custom


def _query(asked: Asked, params: QueryDict) -> str:
    """Return the shortest address that asks the same."""
    said = QueryDict(mutable=True)
    question = asked.question
    if question.words:
        said["q"] = question.words
    said.setlist("tag", [str(tag) for tag in question.tags])
    pairs = [("status", question.status), ("source", question.source), ("can", question.sign_in)]
    for name, value in [*pairs, ("mobile", question.mobile), ("seen", question.seen)]:
        if value:
            said[name] = value
    for key in question.custom:
        said[f"f-{key}"] = params.get(f"f-{key}", "")
    if asked.order != "name":
        said["sort"] = asked.order
    return said.urlencode()
