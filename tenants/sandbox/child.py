"""The program of a parser process: it parses standard input and writes what it finds to standard output.

    python -m tenants.sandbox.child package.module.function '{"limits": {…}, "options": {…}}'

Each line is a JSON object: some `values`, or at last how the parser ended.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

from tenants.sandbox.limits import ParserLimits, apply_limits
from tenants.sandbox.refusals import FileRefused

# A line holds about this many characters, or a single value.
LINE_LENGTH = 1 << 16


def run_parser(path: str, options: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a parser's output."""
    try:
        parse = _import_function(path)
        yield from _join_values(parse(sys.stdin.buffer, **options))
        yield json.dumps({"end": "parsed"})
    except FileRefused as refusal:
        yield json.dumps({"end": "refused", "reason": str(refusal)})
    except MemoryError:
        yield json.dumps({"end": "out-of-memory"})
    except Exception as error:
        # Its text may quote the file.
        yield json.dumps({"end": "failed", "reason": type(error).__name__})


def _import_function(path: str) -> Callable[..., Iterable[Any]]:
    module, _dot, name = path.rpartition(".")
    return getattr(import_module(module), name)


def _join_values(values: Iterable[Any]) -> Iterator[str]:
    pending: list[str] = []
    length = 0
    for value in values:
        text = json.dumps(value)
        pending.append(text)
        length += len(text)
        if length > LINE_LENGTH:
            yield f'{{"values":[{",".join(pending)}]}}'
            pending, length = [], 0
    if pending:
        yield f'{{"values":[{",".join(pending)}]}}'


def main() -> None:
    """Run the parser that the command line names."""
    path, job = sys.argv[1], json.loads(sys.argv[2])
    apply_limits(ParserLimits(**job["limits"]))
    for line in run_parser(path, job["options"]):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
