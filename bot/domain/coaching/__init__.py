"""What is said to one person alone: tips, nudges and budgets, all from that person's own rows."""
