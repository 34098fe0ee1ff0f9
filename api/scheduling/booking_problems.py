"""Says in the API what keeps an appointment from being made or changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404

from api.protocol.error_codes import ErrorCode
from api.protocol.problems import ApiProblem
from portal.scheduling import services
from portal.scheduling.models import Appointment

CHANGED = "The appointment is in another state by now, or too far along. Read it again, then decide."
NEEDS_CONFIRMATION = "Staff can book this time with `ignore_warnings` all the same."
TIME_TAKEN = "Somebody else has taken this time in the same moment. Send the request again."
HAS_SEAT = "The client has a seat at this time already."
WINDOW_CLOSED = "This appointment can’t be changed here, or not any more. Please contact the business."


@contextmanager
def translate_booking_errors() -> Iterator[None]:
    """Turn what the services of scheduling raise into problems, and an appointment that is gone into a 404."""
    try:
        yield
    except Appointment.DoesNotExist as error:
        # It was there when the view read it: its client has been merged or erased since.
        raise Http404 from error
    except services.AppointmentChanged as error:
        raise ApiProblem(ErrorCode.CONFLICT, detail=CHANGED) from error
    except services.ClientHasSeat as error:
        raise ApiProblem(ErrorCode.CONFLICT, detail=HAS_SEAT) from error
    except services.ChangeWindowClosed as error:
        raise ApiProblem(ErrorCode.CHANGE_WINDOW_CLOSED, detail=WINDOW_CLOSED) from error
    except services.TimeTaken as error:
        raise ApiProblem(ErrorCode.CONFLICT, detail=TIME_TAKEN) from error
    except services.BookingNeedsConfirmation as error:
        warnings = [{"code": warning.value, "message": str(warning.label)} for warning in error.warnings]
        members = {"warnings": warnings}
        raise ApiProblem(ErrorCode.BOOKING_NEEDS_CONFIRMATION, detail=NEEDS_CONFIRMATION, members=members) from error
