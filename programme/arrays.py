"""numpy, brought when something is first worked out with it: most processes never do."""

import importlib
from typing import Any


class _Numpy:
    def __getattr__(self, name: str) -> Any:
        found = getattr(importlib.import_module("numpy"), name)
        setattr(self, name, found)
        return found


np = _Numpy()
type Column = np.ndarray
