"""The commands that run, test and measure Portico on one machine, with nothing installed by hand."""
