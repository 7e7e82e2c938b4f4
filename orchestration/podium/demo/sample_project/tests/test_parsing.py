import unittest

from durations import parse


class Parsing(unittest.TestCase):
    def test_hours_minutes_and_seconds(self) -> None:
        self.assertEqual(parse("1h 30m"), 5400)
        self.assertEqual(parse("45s"), 45)

    def test_anything_else_is_refused(self) -> None:
        for text in ("", "soon", "5", "1h x"):
            with self.subTest(text), self.assertRaises(ValueError):
                parse(text)


if __name__ == "__main__":
    unittest.main()
