"""Functions that worker processes find again by name."""

import os
import signal
import time
from pathlib import Path


class Doubler:
    """Twice the job; a job named in ``deadly`` kills its worker, the first time or, where ``always``, every time."""

    def __init__(self, folder: str, deadly: tuple[int, ...] = (), always: bool = False, pause: float = 0.0) -> None:
        self.folder, self.deadly, self.always, self.pause = folder, deadly, always, pause

    def __call__(self, job: int) -> int:
        mark = Path(self.folder) / f"{job}.tried"
        tried = mark.exists()
        mark.touch()
        if job in self.deadly and (self.always or not tried):
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(self.pause)
        return 2 * job
