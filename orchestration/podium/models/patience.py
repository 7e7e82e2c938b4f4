"""How often a model is asked again, and how long after."""

import random
from dataclasses import dataclass

from podium.models.failures import CallFailed


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential backoff with jitter; all times are in seconds."""

    attempts: int = 4
    first_delay_s: float = 1.0
    longest_delay_s: float = 30.0
    longest_retry_after_s: float = 120.0

    def delay_s(self, failure: CallFailed, attempt: int) -> float | None:
        """Return how long to wait after attempt number ``attempt``; None when it was the last.

        A wait that the provider itself asks for is honoured unless it is so long that
        another model is the better answer.
        """
        if not failure.retryable or attempt >= self.attempts:
            return None
        asked = failure.retry_after_s or 0.0
        if asked > self.longest_retry_after_s:
            return None
        longest = min(self.longest_delay_s, self.first_delay_s * 2 ** (attempt - 1))
        # Half of it is random, so that agents that failed together do not come back together.
        return asked + random.uniform(longest / 2, longest)  # noqa: S311 - spreads load, guards nothing
