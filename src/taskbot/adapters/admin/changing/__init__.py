"""What operators change, one module for each kind of thing: forms and actions over use cases."""
