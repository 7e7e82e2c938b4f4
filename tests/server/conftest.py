import sys
from pathlib import Path

# The harness is a module of its own, so that tests can name its types.
sys.path.insert(0, str(Path(__file__).parent))
