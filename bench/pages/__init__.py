"""Made-up answers of everything that tells usage, as the bytes that come over the wire."""
