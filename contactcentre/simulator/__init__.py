"""A telephone exchange for development and tests: the carrier's REST API, TwiML and signed webhooks over HTTP.

It imports nothing of ours and speaks only HTTP, so it could stand against any program written for the carrier.
"""
