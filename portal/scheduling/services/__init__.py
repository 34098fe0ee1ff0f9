"""The services of scheduling, gathered for callers."""

from portal.scheduling.services.answers import (
    AppointmentChanged,
    confirm_appointment,
    decline_appointment,
    expire_requests,
    mark_done,
    mark_no_show,
)
from portal.scheduling.services.appointment_acceptance import decide_state, get_acceptance
from portal.scheduling.services.appointment_matching import (
    assign_appointment,
    list_appointment_candidates,
    match_appointment,
    requeue_pending_appointments,
)
from portal.scheduling.services.blocked_times import BlockedPeriod, block_time, move_blocked_time, unblock_time
from portal.scheduling.services.booking import BookingDetails, book_hold
from portal.scheduling.services.calendar_entries import ClientHasSeat, TimeTaken
from portal.scheduling.services.calendar_feeds import (
    create_feed,
    find_feed,
    get_own_calendar,
    get_working_feed,
    record_fetch,
    revoke_feed,
)
from portal.scheduling.services.calendar_services import set_calendar_services
from portal.scheduling.services.calendar_setup import (
    WORKING_WEEK,
    CalendarExists,
    add_calendar,
    add_resource,
    change_calendar,
    change_resource,
    set_weekly_hours,
)
from portal.scheduling.services.cancellation import (
    ChangeWindowClosed,
    cancel_appointment,
    cancel_own_appointment,
    is_window_open,
)
from portal.scheduling.services.client_packages import (
    PackageArchived,
    PackageTerms,
    PackageWithdrawn,
    change_client_package,
    get_business_day,
    get_last_day,
    give_package,
    lock_client_package,
    withdraw_client_package,
)
from portal.scheduling.services.coming_appointments import (
    query_coming_in_calendar,
    query_coming_in_resource,
    query_coming_of_service,
    query_coming_on_days,
)
from portal.scheduling.services.expired_holds import release_expired_holds
from portal.scheduling.services.hold_limits import TooManyHolds
from portal.scheduling.services.holds import (
    HOLD_LIFETIME,
    HoldRequest,
    get_hold,
    hold_slot,
    release_hold,
)
from portal.scheduling.services.hours_exceptions import add_exception, add_public_holidays, remove_exception
from portal.scheduling.services.next_slots import find_next_slots
from portal.scheduling.services.outside_busy_times import list_conflicting_calendars, query_outside_busy_times
from portal.scheduling.services.outside_calendar_fetches import enqueue_due_outside_calendars, fetch_outside_calendar
from portal.scheduling.services.outside_calendars import (
    FetchedJustNow,
    OutsideCalendarExists,
    TooManyOutsideCalendars,
    add_outside_calendar,
    change_outside_calendar,
    remove_outside_calendar,
    request_fetch,
)
from portal.scheduling.services.own_appointments import (
    book_proposed_time,
    get_booked_proposal,
    query_own_appointments,
    query_own_packages,
)
from portal.scheduling.services.package_sessions import (
    find_taken_session,
    query_usable_packages,
    use_past_sessions,
)
from portal.scheduling.services.reminders import enqueue_due_reminders
from portal.scheduling.services.rescheduling import (
    can_reschedule,
    ignore_own_time,
    is_still_offered,
    lock_to_move,
    reschedule_own_appointment,
)
from portal.scheduling.services.schedules import query_services_with_needs
from portal.scheduling.services.scheduling_settings import (
    change_scheduling_settings,
    get_scheduling_settings,
    lock_scheduling_settings,
)
from portal.scheduling.services.scheduling_start import SchedulingStarted, has_started, start_scheduling
from portal.scheduling.services.seat_booking import find_offered_time
from portal.scheduling.services.service_setup import (
    QuestionData,
    ServiceNeeds,
    add_service,
    archive_service,
    change_service,
    restore_service,
)
from portal.scheduling.services.session_corrections import (
    NoSessionLeft,
    choose_session,
    return_session,
    take_session,
)
from portal.scheduling.services.session_packages import (
    add_session_package,
    archive_session_package,
    change_session_package,
    restore_session_package,
)
from portal.scheduling.services.slots import (
    SlotQuery,
    SlotUnavailable,
    build_booking_window,
    find_availability,
    group_by_day,
    list_free_days,
    list_nearest_slots,
    list_slots,
    list_slots_by_service,
)
from portal.scheduling.services.staff_booking import (
    BookingNeedsConfirmation,
    BookingWarning,
    StaffBooking,
    StaffMove,
    book_for_client,
    build_move_query,
    list_move_warnings,
    reschedule_appointment,
)

__all__ = [
    "HOLD_LIFETIME",
    "WORKING_WEEK",
    "AppointmentChanged",
    "BlockedPeriod",
    "BookingDetails",
    "BookingNeedsConfirmation",
    "BookingWarning",
    "CalendarExists",
    "ChangeWindowClosed",
    "ClientHasSeat",
    "FetchedJustNow",
    "HoldRequest",
    "NoSessionLeft",
    "OutsideCalendarExists",
    "PackageArchived",
    "PackageTerms",
    "PackageWithdrawn",
    "QuestionData",
    "SchedulingStarted",
    "ServiceNeeds",
    "SlotQuery",
    "SlotUnavailable",
    "StaffBooking",
    "StaffMove",
    "TimeTaken",
    "TooManyHolds",
    "TooManyOutsideCalendars",
    "add_calendar",
    "add_exception",
    "add_outside_calendar",
    "add_public_holidays",
    "add_resource",
    "add_service",
    "add_session_package",
    "archive_service",
    "archive_session_package",
    "assign_appointment",
    "block_time",
    "book_for_client",
    "book_hold",
    "book_proposed_time",
    "build_booking_window",
    "build_move_query",
    "can_reschedule",
    "cancel_appointment",
    "cancel_own_appointment",
    "change_calendar",
    "change_client_package",
    "change_outside_calendar",
    "change_resource",
    "change_scheduling_settings",
    "change_service",
    "change_session_package",
    "choose_session",
    "confirm_appointment",
    "create_feed",
    "decide_state",
    "decline_appointment",
    "enqueue_due_outside_calendars",
    "enqueue_due_reminders",
    "expire_requests",
    "fetch_outside_calendar",
    "find_availability",
    "find_feed",
    "find_next_slots",
    "find_offered_time",
    "find_taken_session",
    "get_acceptance",
    "get_booked_proposal",
    "get_business_day",
    "get_hold",
    "get_last_day",
    "get_own_calendar",
    "get_scheduling_settings",
    "get_working_feed",
    "give_package",
    "group_by_day",
    "has_started",
    "hold_slot",
    "ignore_own_time",
    "is_still_offered",
    "is_window_open",
    "list_appointment_candidates",
    "list_conflicting_calendars",
    "list_free_days",
    "list_move_warnings",
    "list_nearest_slots",
    "list_slots",
    "list_slots_by_service",
    "lock_client_package",
    "lock_scheduling_settings",
    "lock_to_move",
    "mark_done",
    "mark_no_show",
    "match_appointment",
    "move_blocked_time",
    "query_coming_in_calendar",
    "query_coming_in_resource",
    "query_coming_of_service",
    "query_coming_on_days",
    "query_outside_busy_times",
    "query_own_appointments",
    "query_own_packages",
    "query_services_with_needs",
    "query_usable_packages",
    "record_fetch",
    "release_expired_holds",
    "release_hold",
    "remove_exception",
    "remove_outside_calendar",
    "request_fetch",
    "requeue_pending_appointments",
    "reschedule_appointment",
    "reschedule_own_appointment",
    "restore_service",
    "restore_session_package",
    "return_session",
    "revoke_feed",
    "set_calendar_services",
    "set_weekly_hours",
    "start_scheduling",
    "take_session",
    "unblock_time",
    "use_past_sessions",
    "withdraw_client_package",
]
