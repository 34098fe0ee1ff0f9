"""Uploads of client lists, their import and its reversal.

    received → (format, columns) → checking → checked → running → done → undoing → undone

Staff choose the format and map the columns. A worker then checks the list, imports it and undoes the import, in chunks
of one transaction each that record the progress.
"""
