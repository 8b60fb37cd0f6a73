"""How fast taskbot is, beside what could not be faster, in one run: `make bench`."""
