"""The on-screen printer: shows the very bytes that a paper printer would get."""
