"""The registry of nouns: what each app of a business adds to pages, jobs and data that all of them share.

A noun is a Django app below `portal/`. Its `apps.py` holds a NounConfig; shared packages read the registry.
"""
