"""How do staff read and answer what clients write? A page of the cards, so it composes what they know with the conversation."""
