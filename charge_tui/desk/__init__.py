"""What keeps the picture and the promises: mirror, poller, freshness, names and the last picture on disk."""
