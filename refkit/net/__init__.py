"""The only room that opens sockets: the HTTP client, its pacing and cache, a small server."""
