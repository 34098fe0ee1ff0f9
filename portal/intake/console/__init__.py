"""What do staff see of the contact form, and what can they do about what came by it?"""
