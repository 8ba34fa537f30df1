"""What each event changes: one function an event, grouped by what it is about."""
