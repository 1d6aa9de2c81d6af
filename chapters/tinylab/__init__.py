"""A language model small enough to see, and the world it lives in."""

import numpy as np

# Linux's malloc gives freed memory back to the system, and gets it again page by page: a quarter of the time of an
# update. Once a large block was freed, it keeps blocks of up to that size (see M_MMAP_THRESHOLD in mallopt(3)).
np.empty(31 * 2**20, np.uint8)  # never touched, so it takes no memory
