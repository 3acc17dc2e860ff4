"""What is proposed for a version, and what is wrong with it. Pure."""
