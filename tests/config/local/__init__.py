"""Does what runs on one machine start, stop and speak as it should?"""
