"""Merge and undo, split: several ideas at once."""
