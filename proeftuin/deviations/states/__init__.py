"""What a deviation is on a day: the facts, the table D1-D13, and the walk over them."""
