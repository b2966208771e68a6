"""OAuth 2.0 and OpenID Connect as Intuit offers them (reference 1)."""
