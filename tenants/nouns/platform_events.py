"""What happens elsewhere, for which nouns can declare handlers."""

from enum import StrEnum


class PlatformEvent(StrEnum):
    """Something that happens outside the nouns, or in one that may not know who handles it.

    A handler is called inside the business, with the keyword argument `now` and one that depends on the event:

    - OUTAGE_STARTED: codes are delayed on one channel. `outage` is the `tenants.models.Outage`, which is recorded in
      the same transaction.
    - OUTAGE_ENDED: a provider accepts codes again. `outage` is the one that has ended, in the same transaction.
    - JOB_STOPPED: a job about one row is not run again, since it kept failing. `job` is its RowJob, `row_id` its
      row, which staff call `subject`.
    - SUPPRESSION_REMOVED: a provider no longer refuses an address, at the request of staff. `suppression` is the
      `portal.messaging.models.Suppression`, whose removal is committed.
    - SMS_STOPPED: some texts of the business are not sent from now on. `stop` is the `tenants.models.SmsStop`, in the
      same transaction.
    - MEMBER_REMOVED: somebody is no longer on the team. `person_id` is the `tenants.models.Person`, in the same
      transaction.
    - ADDRESSES_WITHDRAWN: an import was undone, and addresses sign clients in no more. `withdrawals` has an
      `AddressWithdrawal` of `portal.clients.uploads` for each client, in the same transaction.
    """

    OUTAGE_STARTED = "outage-started"
    OUTAGE_ENDED = "outage-ended"
    JOB_STOPPED = "job-stopped"
    SUPPRESSION_REMOVED = "suppression-removed"
    SMS_STOPPED = "sms-stopped"
    MEMBER_REMOVED = "member-removed"
    ADDRESSES_WITHDRAWN = "addresses-withdrawn"
