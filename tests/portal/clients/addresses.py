"""By which addresses is Ana reached in the tests of her cards?"""

ANA, WORK, MOBILE = "ana@example.com", "ana@work.example", "+447700900101"
