"""The voice of the hall: what a call sounds like, when it is spoken, and through what."""
