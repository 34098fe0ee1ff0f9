"""Checks of the settings: each module looks at one kind and yields a sentence for each problem."""
