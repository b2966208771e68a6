"""HTTP: werkzeug requests and responses, sockets, and nothing of accounting."""
