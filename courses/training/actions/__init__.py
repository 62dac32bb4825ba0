"""What can be done in the training room, and how it is refused."""
