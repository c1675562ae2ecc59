"""What all measurements stand on: a ground of their own, the servers as in production, figures as lines.

A room declares its measurements in `<room>/bench.py`: `BENCHES` (name → function of the options that yields lines),
`PAGES` (what `bin/bench pages` asks for) and `URLS` (addresses that exist for the measurement alone).
"""
