"""What do staff see and do on one client's card? It composes what the nouns know of a person."""
