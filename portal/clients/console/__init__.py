"""What do staff see and do with the client list?"""
