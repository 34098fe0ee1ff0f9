"""What do staff press when a code did not arrive, and what do they ask support?"""
