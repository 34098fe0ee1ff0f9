"""Does the team change as its owner wants, and is it written down?"""
