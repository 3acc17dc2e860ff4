"""What is shown of one deviation: the card, its timeline, what can be done."""
