"""What does the way into a business cost, when all else is a view with one query?"""
