"""The use cases. They ask for ports and are handed adapters."""
