"""Where does a business decide about its portal? One file per section of the Client Portal page."""
