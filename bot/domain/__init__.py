"""The pure middle: values and functions over them. No I/O, no clock, no randomness."""
