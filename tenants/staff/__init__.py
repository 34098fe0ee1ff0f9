"""How do staff get in, to which business, and what may they do there?"""
