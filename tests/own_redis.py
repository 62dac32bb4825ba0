"""A Redis of the test's own, to be killed, paused and started again. Nobody else's is touched."""

import os
import shutil
import signal
import socket
import subprocess
import time


class Redis:
    def __init__(self, folder):
        if not shutil.which("redis-server"):
            raise RuntimeError("redis-server is not installed (Debian: apt install redis-server)")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url, self.folder, self.process = f"redis://127.0.0.1:{self.port}/0", folder, None

    def start(self):
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _try in range(200):
            try:
                return socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
        raise AssertionError("redis-server did not start")

    def kill(self):
        """kill -9, also while it is paused: what it held is gone."""
        self.process.kill()
        self.process.wait()

    def pause(self):
        """It takes connections and never answers."""
        os.kill(self.process.pid, signal.SIGSTOP)

    def go_on(self):
        os.kill(self.process.pid, signal.SIGCONT)
