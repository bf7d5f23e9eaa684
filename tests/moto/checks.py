"""Runs the program, and counts what is expected of it."""

import subprocess


class Checks:
    def __init__(self, program, environment=None):
        self.program, self.environment, self.count = program, environment, 0

    def run(self, *arguments, code):
        """The standard output of the program, which must end with this exit code."""
        done = subprocess.run([self.program, *arguments], env=self.environment, capture_output=True, text=True)
        assert done.returncode == code, f"{arguments} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        self.count += 1
        return done.stdout

    def expect(self, what, told, wanted):
        assert told == wanted, f"{what}:\n{told}\nbut expected\n{wanted}"
        self.count += 1
