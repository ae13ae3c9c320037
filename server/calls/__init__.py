"""A shopper asks for a person."""
