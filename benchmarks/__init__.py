"""Measuring the product against a bare Flask application on the same machine, in the same run."""
