"""The screen of those who watch, and the alerts."""
