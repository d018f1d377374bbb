"""Results on disk: written whole or not at all, and earlier ones kept."""
