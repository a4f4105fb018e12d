"""What reading any provider takes, whatever it is called: pages, tables, months, amounts, bills."""
