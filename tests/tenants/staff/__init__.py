"""Do staff get in where they belong, and nowhere else?"""
