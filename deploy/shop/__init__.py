"""The demo shop: invented goods, visits and people, and the programs that let one click through them."""
