"""Files at pages and pilots: known by what they are, kept by what they hold, given out where they do no harm."""
