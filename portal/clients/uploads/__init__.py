"""How does a whole list of people get onto the client list, and off it again?

    received → (format, columns) → checking → checked → running → done → undoing → undone

Staff lead a list through the first steps; a worker checks it, writes it and undoes it, each in
chunks that are a transaction of their own and note how far they came.
"""
