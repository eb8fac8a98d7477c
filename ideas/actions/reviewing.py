"""Review by criteria: rounds, assignments, what reviewers hand in, what is published of it."""
