"""The pages of scheduling that signed-in clients see."""
