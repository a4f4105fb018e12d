"""What runs without being asked: the clock that plans, and the jobs that a worker does."""
