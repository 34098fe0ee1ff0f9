"""Tests of the buffer between the web server and the application."""
