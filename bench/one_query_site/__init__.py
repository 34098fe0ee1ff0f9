"""A site of one view with one query, to measure what selecting the business costs."""
