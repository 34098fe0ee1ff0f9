"""The problems that operations on uploads answer, in the words of the console."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem, build_field_problem
from portal.clients.uploads import error_texts
from portal.clients.uploads.column_mapping import InvalidMapping
from portal.clients.uploads.row_reviews import ClientNotInQuestion, NewClientNameless, ReviewClosed
from portal.clients.uploads.services import UploadStateChanged
from portal.clients.uploads.upload_files import StoredFileChanged, UnsupportedFile
from tenants.sandbox.slots import SandboxBusy

RETRY_AFTER_SECONDS = "60"
MOVED_ON = "This upload has already moved on. Read it again."
REVIEW_CLOSED = "This row takes no answer, or not this one. Read it again."
NOT_A_CANDIDATE = "Name one of the clients who have an address of the row."
NAMELESS = "This row has no name, so it can’t be a client of its own. Say whose row it is."


@contextmanager
def translate_upload_errors(field: str = "") -> Iterator[None]:
    """Turn what the services raise into a problem; `field` is the one that a file or mapping comes from."""
    try:
        yield
    except StoredFileChanged as error:
        raise ApiProblem(ErrorCode.CONFLICT, detail=error_texts.explain_file_error(str(error))) from error
    except UnsupportedFile as error:
        raise _build_field_problem(field, str(error), error_texts.explain_file_error(str(error))) from error
    except InvalidMapping as error:
        raise _build_field_problem(field, str(error), str(error_texts.MAPPING_ERRORS[str(error)])) from error
    except UploadStateChanged as error:
        raise ApiProblem(ErrorCode.CONFLICT, detail=MOVED_ON) from error
    except SandboxBusy as error:
        raise ApiProblem(ErrorCode.UNAVAILABLE, headers={"Retry-After": RETRY_AFTER_SECONDS}) from error


@contextmanager
def translate_answer_errors() -> Iterator[None]:
    """Turn what the services raise about an answer for a row into a problem."""
    try:
        with translate_upload_errors():
            yield
    except ClientNotInQuestion as error:
        raise build_field_problem("client_id", "not_a_candidate", NOT_A_CANDIDATE) from error
    except NewClientNameless as error:
        raise build_field_problem("decision", "no_name", NAMELESS) from error
    except ReviewClosed as error:
        raise ApiProblem(ErrorCode.CONFLICT, detail=REVIEW_CLOSED) from error


def _build_field_problem(field: str, code: str, message: str) -> ApiProblem:
    return build_field_problem(field, code.replace("-", "_"), message)
