"""What each entity consists of, declared; ``registry.ENTITIES`` is the whole of it."""
