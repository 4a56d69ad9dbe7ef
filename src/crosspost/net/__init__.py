"""Two opposite laws of the network: reading (any stranger) and committing (one request, once)."""
