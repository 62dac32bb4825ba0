"""A room that is no part of the product: its folder is all it takes to stand on every page that spans rooms."""
