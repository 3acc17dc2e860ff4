"""The list of deviations, now or on a day, and what of it touches pilots, pages and articles."""
