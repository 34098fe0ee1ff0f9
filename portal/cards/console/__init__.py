"""What do the pages of a client's card do? One file per tab or deed."""
