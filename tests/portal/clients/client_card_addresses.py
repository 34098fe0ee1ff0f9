"""The addresses of Ana in the tests of her client card."""

ANA, WORK, MOBILE = "ana@example.com", "ana@work.example", "+447700900101"
