"""The sealed log: every formal act in a chain of hashes, a tree over it, and a seal each day that others hold."""
