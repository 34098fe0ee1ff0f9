"""How does a domain of a business's own come to show its portal? Claimed, proven, pointed here, served over TLS."""
