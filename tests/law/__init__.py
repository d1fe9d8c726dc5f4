"""Which requirement of the law is proven by which test."""
