"""Taking the register along, with what proves it: exports, statistics and packs of evidence."""
