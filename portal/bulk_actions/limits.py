"""How much one bulk action may do."""

# How many clients one action may send mail to.
MAX_BULK_RECIPIENTS = 1000
