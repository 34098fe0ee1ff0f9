"""Does a domain come to show its portal, step by step?"""
