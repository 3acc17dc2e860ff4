"""What is done to a deviation by people and by the clock, with its screens."""
