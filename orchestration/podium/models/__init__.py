"""Models: providers behind one gateway, what they cost, who makes them.

`gateway` is the way in: it asks the first model of a list that answers, within limits,
budget and time.  `providers` is what Podium knows of each provider.  `litellm_port` is the
only module of Podium that imports litellm, on the first call and in a thread.  `watch` is what
makes an answer believable: it sits below litellm, on the HTTP connection, and knows whether
the provider said that it had finished.
"""
