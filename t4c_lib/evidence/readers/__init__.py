"""One reader a publication."""
