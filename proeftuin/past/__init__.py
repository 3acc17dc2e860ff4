"""The past: how every row stood at the end of every day, and reading the site as it stood then."""
