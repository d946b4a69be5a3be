"""The guide's three lists, run by the program: an item is a function that looks at one thing."""
