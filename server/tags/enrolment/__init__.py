"""Tags enrolled: what each is, what was written on it, where it stands in its life."""
