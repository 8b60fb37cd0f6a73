"""What the parts of taskbot are compared with: as little as does the same work."""
