"""A site of one list in plain Django REST Framework, to measure what our API's manners and the tenancy cost."""
