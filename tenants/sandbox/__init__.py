"""Parsing of files from strangers in child processes with limits on memory, CPU, time and output.

`parser_processes.parse_in_sandbox` runs a parser: a function in a module that imports nothing of Django. The parser
takes an open file and yields values that JSON can hold.
"""
