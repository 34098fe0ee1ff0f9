"""Who plays the providers? Servers on loopback that misbehave on demand."""
