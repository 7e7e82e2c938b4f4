import unittest

from durations import format_duration


class Formatting(unittest.TestCase):
    def test_parts_that_are_zero_are_left_out(self) -> None:
        self.assertEqual(format_duration(5400), "1h 30m")
        self.assertEqual(format_duration(3605), "1h 5s")

    def test_nothing_is_zero_seconds(self) -> None:
        self.assertEqual(format_duration(0), "0s")


if __name__ == "__main__":
    unittest.main()
