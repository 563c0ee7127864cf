"""Be a build server: ``python -m bookpress.server MINUTES``, as `make book` starts it."""

import sys

from bookpress.server.process import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
