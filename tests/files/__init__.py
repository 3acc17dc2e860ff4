"""Tests of files at pages and pilots."""
