"""What keeps the picture and the promises: mirror, poller, freshness, names, last picture, journal and writes."""
