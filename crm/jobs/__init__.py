"""Long work: a row with progress, run by a worker, taken up again after a crash, left and found again."""
