"""The only room that opens sockets: one HTTP client with pacing, a cache, and the loopback server."""
