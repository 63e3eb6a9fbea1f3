"""The verbs: what the command line and `import refkit` offer. `refkit` exports all of them."""
