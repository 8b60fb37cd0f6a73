"""What the panel shows, one module for each kind of thing."""
