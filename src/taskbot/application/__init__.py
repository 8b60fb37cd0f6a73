"""What a person can do: one method, one use case, one transaction."""
