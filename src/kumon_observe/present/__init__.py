"""What people see: text for the terminal in two languages, and Markdown; knows only the model."""
