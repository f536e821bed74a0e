#!/usr/bin/env python3
"""Walks through the cockpit in a pseudo-terminal: every screen, every action.

    cutover sim --scenario tour --paused &
    python3 tests/conformance/cockpit_walk.py --binary target/debug/cutover --at http://127.0.0.1:4577

Put a proxy that judges requests between the two and every call that the program can make passes it.
It exits with 1, and prints the screen, when a screen does not show what it should.
"""
import argparse
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time

import pyte

COLUMNS, ROWS = 140, 45
PATIENCE = 30.0
ENTER, ESC, TAB, DOWN = "\r", "\x1b", "\t", "\x1b[B"


class Cockpit:
    def __init__(self, binary, endpoint, home):
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        environment = {"HOME": home, "TERM": "xterm-256color", "COLORFGBG": "15;0", "PATH": os.environ["PATH"]}
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.execve(binary, [binary, "demo", "--at", endpoint, "--refresh", "1s"], environment)
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, size)
        os.kill(self.process, signal.SIGWINCH)

    def keys(self, keys):
        os.write(self.terminal, keys.encode())

    def sees(self, text):
        self.wait(text, lambda: any(text in line for line in self.screen.display))

    def sees_no_more(self, text):
        self.wait(f"the end of {text}", lambda: not any(text in line for line in self.screen.display))

    def wait(self, text, condition):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self.terminal], [], [], max(left, 0))
            if not ready:
                print("\n".join(self.screen.display))
                sys.exit(f"waited for {text!r}")
            try:
                self.stream.feed(os.read(self.terminal, 65536))
            except OSError:
                sys.exit(f"the cockpit ended while waiting for {text!r}")

    def go(self, screen, text):
        self.keys(f":{screen}{ENTER}")
        self.sees(text)

    def home(self):
        self.go("releases", "STRATEGY")

    def act(self, key, plan, title):
        """Opens the plan, goes from Cancel to the action, and waits until AWS took it."""
        self.keys(key)
        self.sees(plan)
        self.sees("[ Cancel ]")
        self.keys(TAB)
        self.sees_no_more("[ Cancel ]")
        self.keys(ENTER)
        sent = title + ".*: waits"
        self.wait(sent, lambda: any(re.search(sent, line) for line in self.screen.display))

    def end(self):
        self.keys("\x03")
        _, status = os.waitpid(self.process, 0)
        return os.waitstatus_to_exitcode(status)


def look_around(cockpit):
    cockpit.sees("thumbnailer")
    cockpit.sees("succeeded")
    cockpit.go("clusters", "prod-core")
    cockpit.keys(ENTER)
    cockpit.sees("TASK DEFINITION")
    cockpit.go("services", "gateway")
    cockpit.go("taskdefs", "FAMILY")
    cockpit.keys(ENTER)
    cockpit.sees("REVISION")
    cockpit.keys(ENTER)
    cockpit.sees("ACTIVE")
    cockpit.home()
    cockpit.keys("/gateway" + ENTER)
    cockpit.sees("shown 1 of")
    for key, text in [("d", "events"), ("p", "TOOK"), ("T", "RUNNING"), ("t", "REVISION"), ("l", "GET ")]:
        cockpit.keys(key)
        cockpit.sees(text)
        cockpit.keys(ESC)
        cockpit.sees(" releases ──")
    cockpit.keys("T")
    cockpit.sees("RUNNING")
    cockpit.keys("x")
    cockpit.sees("tasks")
    cockpit.keys("x")
    cockpit.sees("RUNNING")
    cockpit.keys(ENTER)
    cockpit.sees("CONTAINER")
    cockpit.go("codedeploy", "AppECS-")
    for text in ["DgpECS-", "CREATED", "BeforeInstall"]:
        cockpit.keys(ENTER)
        cockpit.sees(text)
    cockpit.home()


def steer(cockpit):
    """One release of each kind that waits for somebody or can be sent back."""
    for service, key, call, title in [
        ("fulfilment", "c", "ContinueServiceDeployment", "Cut over fulfilment"),
        ("storefront", "R", "StopServiceDeployment", "Roll back storefront"),
        ("billing", "c", "ContinueDeployment", "Cut over billing"),
        ("orders", "R", "StopDeployment", "Roll back orders"),
        ("ledger", "c", "UpdateServicePrimaryTaskSet", "Cut over ledger"),
        ("invoices", "F", "CreateDeployment", "Force redeploy invoices"),
    ]:
        if service == "invoices":
            # Its last release is long over: the board need not have it.
            cockpit.go("services", "TASK DEFINITION")
        cockpit.keys(f"/{service}{ENTER}")
        cockpit.sees(f"/{service} · shown")
        cockpit.keys("g")
        cockpit.act(key, call, title)


def act(cockpit):
    cockpit.keys("/inventory" + ENTER)
    cockpit.sees("/inventory · shown 1 of")
    cockpit.act("F", "forceNewDeployment", "Force redeploy inventory")
    cockpit.sees("in progress")
    cockpit.act("R", "StopServiceDeployment", "Roll back inventory")
    cockpit.keys("/gateway" + ENTER)
    cockpit.sees("/gateway · shown 1 of")
    cockpit.act("R", "UpdateService", "Roll back gateway")
    cockpit.keys("T")
    cockpit.sees("RUNNING")
    cockpit.act("\x04", "StopTask", "Stop task")
    cockpit.home()
    cockpit.keys("/search" + ENTER)
    cockpit.sees("/search · shown 3 of")
    cockpit.keys("S")
    cockpit.sees("tasks")
    cockpit.keys("6" + ENTER)
    cockpit.act("", "desiredCount", "Set search")


def answer(cockpit, key, reason, plan):
    """Gives the reason that is asked for, and confirms the plan."""
    cockpit.keys(key)
    cockpit.sees("characters; the plan is shown")
    cockpit.keys(reason + ENTER)
    confirm(cockpit, plan)


def confirm(cockpit, plan):
    cockpit.sees(plan)
    cockpit.sees("[ Cancel ]")
    cockpit.keys(TAB)
    cockpit.sees_no_more("[ Cancel ]")
    cockpit.keys(ENTER)


def pipelines(cockpit):
    """From the list down to the run of an action, and everything that can be done on the way."""
    cockpit.go("pipelines", "STAGES")
    cockpit.sees("waits for you")
    cockpit.keys("p")
    cockpit.sees("EXECUTION   COMMIT")
    cockpit.keys(ENTER)
    cockpit.sees("Approve")
    cockpit.go("pipelines", "STAGES")
    cockpit.keys(ENTER)
    cockpit.sees("stage Source")
    cockpit.keys("/Production" + ENTER)
    cockpit.sees("/Production · shown")
    answer(cockpit, "I", "a freeze", "DisableStageTransition")
    cockpit.sees("the way into Production is off")
    cockpit.keys("I")
    confirm(cockpit, "EnableStageTransition")
    cockpit.sees("the way into Production is on")
    cockpit.keys("N")
    confirm(cockpit, "StartPipelineExecution")
    cockpit.sees("is InProgress")
    cockpit.go("gates", "EXPIRES")
    cockpit.keys("/approval" + ENTER)
    cockpit.sees("/approval · ")
    cockpit.keys(ENTER)
    cockpit.sees("an approval lets it into")
    answer(cockpit, "a", "seen on staging", "PutApprovalResult")
    cockpit.sees("APPROVED")
    cockpit.go("pipelines", "STAGES")
    cockpit.keys("p")
    cockpit.sees("EXECUTION   COMMIT")
    answer(cockpit, "X", "not today", "StopPipelineExecution")
    cockpit.sees("Stop ")
    cockpit.home()


def main():
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--binary", required=True)
    cli.add_argument("--at", required=True)
    arguments = cli.parse_args()
    with tempfile.TemporaryDirectory() as home:
        cockpit = Cockpit(os.path.abspath(arguments.binary), arguments.at, home)
        look_around(cockpit)
        act(cockpit)
        steer(cockpit)
        pipelines(cockpit)
        code = cockpit.end()
    print("the walk through the cockpit went through")
    return code


if __name__ == "__main__":
    sys.exit(main())
