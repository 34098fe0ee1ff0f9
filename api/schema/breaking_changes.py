"""Finds what a new version of a schema takes away from programs that were written for an older one."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
METHODS = ("get", "put", "post", "patch", "delete")
# A request is refused when an upper limit falls or a lower one rises.
UPPER_LIMITS = ("maxLength", "maxItems", "maximum")
LOWER_LIMITS = ("minLength", "minItems", "minimum")


def find_breaking_changes(old: Json, new: Json) -> list[str]:
    """Return a sentence for each breaking change from an older document to a newer one."""
    return [*_Comparison(old, new).iter_changes()]


class _Comparison:
    """Two documents that are compared operation by operation."""

    def __init__(self, old: Json, new: Json):
        self.old, self.new = old, new

    def iter_changes(self) -> Iterator[str]:
        yield from self._compare_component_names()
        for path, operations in self.old["paths"].items():
            for method in METHODS:
                if method not in operations:
                    continue
                name = f"{method.upper()} {path}"
                current = self.new["paths"].get(path, {}).get(method)
                if current is None:
                    yield f"{name}: the operation was removed"
                else:
                    yield from self._compare_operation(name, operations[method], current)

    def _compare_component_names(self) -> Iterator[str]:
        """Compare the names of components: generated clients name their classes after them."""
        before, after = (document.get("components", {}).get("schemas", {}) for document in (self.old, self.new))
        for name in before:
            if name not in after:
                yield f"{name}: the component was removed"

    def _compare_operation(self, name: str, old: Json, new: Json) -> Iterator[str]:
        yield from self._compare_parameters(name, old, new)
        yield from self._compare_bodies(name, old, new)
        for status, response in old["responses"].items():
            if not status.startswith("2"):
                continue
            if status not in new["responses"]:
                yield f"{name}: the response {status} was removed"
                continue
            place = f"{name}, response {status}"
            for media, was, now in self._pair_media(response, new["responses"][status]):
                yield from self._compare_answers(f"{place}", was, now) if now else [f"{place}: {media} was removed"]

    def _compare_parameters(self, name: str, old: Json, new: Json) -> Iterator[str]:
        before, after = self._map_parameters(self.old, old), self._map_parameters(self.new, new)
        for key, parameter in before.items():
            place = f"{name}, parameter {key[1]}"
            if key not in after:
                yield f"{place}: it was removed"
                continue
            if after[key].get("required") and not parameter.get("required"):
                yield f"{place}: it is required now"
            yield from self._compare_inputs(place, parameter["schema"], after[key]["schema"])
        for key in after.keys() - before.keys():
            if after[key].get("required"):
                yield f"{name}, parameter {key[1]}: it is new and required"

    def _map_parameters(self, document: Json, operation: Json) -> dict[tuple[str, str], Json]:
        parameters = [_resolve(document, parameter) for parameter in operation.get("parameters", [])]
        return {(parameter["in"], parameter["name"]): parameter for parameter in parameters}

    def _compare_bodies(self, name: str, old: Json, new: Json) -> Iterator[str]:
        before, after = old.get("requestBody", {}), new.get("requestBody", {})
        if after.get("required") and not before.get("required"):
            yield f"{name}: a body is required now"
        for media, was, now in self._pair_media(before, after):
            yield from self._compare_inputs(f"{name}, body", was, now) if now else [f"{name}: {media} is refused now"]

    def _pair_media(self, old: Json, new: Json) -> Iterator[tuple[str, Json, Json | None]]:
        after = _resolve(self.new, new).get("content", {})
        for media, content in _resolve(self.old, old).get("content", {}).items():
            yield media, content["schema"], after[media]["schema"] if media in after else None

    def _compare_inputs(self, place: str, old: Json, new: Json, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """Compare what callers send: nothing that was allowed may be refused."""
        was, now, seen = self._open(old, new, seen)
        if was is None:
            return
        yield from _find_lost_types(place, was, now, "is refused now")
        for value in _list_lost_values(was, now):
            yield f"{place}: the value {value} is refused now"
        yield from _find_narrowed_limits(place, was, now)
        for name in sorted({*now.get("required", [])} - {*was.get("required", [])}):
            yield f"{place}.{name}: it is required now"
        for name, field in was.get("properties", {}).items():
            if name in now.get("properties", {}):
                yield from self._compare_inputs(f"{place}.{name}", field, now["properties"][name], seen)
            else:
                yield f"{place}.{name}: it was removed"
        if "items" in was and "items" in now:
            yield from self._compare_inputs(f"{place}[]", was["items"], now["items"], seen)

    def _compare_answers(self, place: str, old: Json, new: Json, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        """Compare what callers are answered: nothing that was there may be missing or of another type."""
        was, now, seen = self._open(old, new, seen)
        if was is None:
            return
        yield from _find_lost_types(place, now, was, "is answered now")
        for name, field in was.get("properties", {}).items():
            if name not in now.get("properties", {}):
                yield f"{place}.{name}: it was removed"
                continue
            if name in was.get("required", []) and name not in now.get("required", []):
                yield f"{place}.{name}: it may be missing now"
            yield from self._compare_answers(f"{place}.{name}", field, now["properties"][name], seen)
        if "items" in was and "items" in now:
            yield from self._compare_answers(f"{place}[]", was["items"], now["items"], seen)

    def _open(self, old: Json, new: Json, seen: frozenset[str]) -> tuple[Json | None, Json, frozenset[str]]:
        """Return what both refer to, or None for a component that contains itself."""
        name = old.get("$ref", "")
        if name in seen:
            return None, {}, seen
        return _resolve(self.old, old), _resolve(self.new, new), seen | {name} if name else seen


def _resolve(document: Json, part: Json) -> Json:
    while "$ref" in part:
        found: Any = document
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def _list_types(schema: Json) -> set[str]:
    types = schema.get("type", [])
    return {types} if isinstance(types, str) else {*types}


def _find_lost_types(place: str, old: Json, new: Json, what: str) -> Iterator[str]:
    """Return what the first allows and the second doesn't; without a type everything is allowed."""
    before, after = _list_types(old), _list_types(new)
    if after and not before:
        yield f"{place}: only {', '.join(sorted(after))} remains"
    for lost in sorted(before - after if after else set()):
        if not (lost == "integer" and "number" in after):
            yield f"{place}: {lost} {what}"


def _list_lost_values(old: Json, new: Json) -> list[Any]:
    if "enum" not in new:
        return []
    return [value for value in old.get("enum", ["any other"]) if value not in new["enum"]]


def _find_narrowed_limits(place: str, old: Json, new: Json) -> Iterator[str]:
    for limit in UPPER_LIMITS:
        if limit in new and new[limit] < old.get(limit, float("inf")):
            yield f"{place}: {limit} fell to {new[limit]}"
    for limit in LOWER_LIMITS:
        if limit in new and new[limit] > old.get(limit, 0):
            yield f"{place}: {limit} rose to {new[limit]}"
