"""What needs a person, and what people said about it: the rules of ``domain.attention`` over the desk's picture."""
