"""What the chain sells and what each store has of it."""
