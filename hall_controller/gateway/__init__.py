"""The HTTP gateway: a small API for the district's app, one more client of the hall's bus. See docs/gateway.md."""
