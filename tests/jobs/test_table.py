from typing import get_args

from podium.domain.effect import JobSpec
from podium.jobs.table import JOBS


def test_every_job_is_carried_out_by_a_function() -> None:
    assert set(JOBS) == set(get_args(get_args(JobSpec)[0]))
