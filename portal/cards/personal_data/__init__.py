"""Which personal data each table holds, and what happens to it on a merge, an erasure and an export."""
