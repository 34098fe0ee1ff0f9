"""The kind of email to staff that the platform itself reads; nouns declare what each kind is."""

# An email with a sign-in code, of which each person gets a limited number.
CODE_EMAIL_KIND = "staff-code"
