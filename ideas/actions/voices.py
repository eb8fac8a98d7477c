"""Support and follow."""
