"""A run as one HTML file that plays without a server."""
