"""The district's own page: three levels over the HTTP API of Prometheus, for a wall screen, a phone and the hotline."""
