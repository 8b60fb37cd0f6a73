"""What taskbot is about. Pure: no input or output, no clock, no framework."""
