"""Which pages do staff have beside those of a business?"""
