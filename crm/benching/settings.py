"""The settings of a measurement's processes: as in production, with the rooms' bench addresses beside the house's."""

import os

from crm.settings import *  # noqa: F403

ROOT_URLCONF = "crm.benching.urls"
STATIC_ROOT = os.path.join(os.environ["BENCH_FOLDER"], "static")
