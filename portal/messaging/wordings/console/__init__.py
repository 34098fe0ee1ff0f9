"""What do staff see and change of the words that clients get?"""
