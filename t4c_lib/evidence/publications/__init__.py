"""One file for each family of publications."""
