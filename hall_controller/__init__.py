"""The controller of a public-service hall, and the client through which every other part speaks with it."""

__version__ = "0.1.0"
