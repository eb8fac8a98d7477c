#!/usr/bin/env python
"""Django's command line.

`site/` is fixed as a folder name, but `site` is also a module of the standard library and so can't be a package. It is a
plain source root instead: the packages in it (config, accounts, common) are imported by their own names.
"""

import os
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent


def main() -> None:
    sys.path[:0] = [str(BASE_DIR), str(BASE_DIR / "site")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
