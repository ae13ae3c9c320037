"""A visit goes on on the shopper's own phone, without an account."""
