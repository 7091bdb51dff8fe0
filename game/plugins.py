"""What the game can be extended with, and the door it comes in by.

Shipped kinds and goals come in through the same hooks as a stranger's package.
"""
