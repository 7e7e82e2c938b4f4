import unittest

from durations import total


class Timesheet(unittest.TestCase):
    def test_a_week_is_told_in_hours(self) -> None:
        self.assertEqual(total(["8h", "7h 30m", "8h", "8h"]), "31h 30m")


if __name__ == "__main__":
    unittest.main()
