"""The clerk's terminal: one visitor at a time, large, with one key for each act."""
