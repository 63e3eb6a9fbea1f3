"""Citation keys made from patterns, and renamed wherever they are named."""
