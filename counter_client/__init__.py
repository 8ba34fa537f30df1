"""The terminals: the clerk's at each counter, and the greeter's at the door."""
