"""What is fast here, compared with what others would have used instead?"""
