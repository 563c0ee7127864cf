"""Run the command line of the question bank."""

from __future__ import annotations

import sys

from bookpress.questions.cli import main

sys.exit(main())
