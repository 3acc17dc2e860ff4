"""The demo company: shipped with the product, loaded through the real services."""
