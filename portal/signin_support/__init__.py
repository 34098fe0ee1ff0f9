"""Why can't this client sign in, and what can be done about it?"""
