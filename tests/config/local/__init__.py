"""Tests of config/local."""
