"""`taskbot doctor`, and the same in the chat."""
