"""Events told to other systems as they happen: signed, tried again over days, never into the private network."""
