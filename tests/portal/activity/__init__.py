"""Is the timeline kept?"""
