import pytest

pytest.register_assert_rewrite("document.plan_samples")
