"""PlatformContract over X and Facebook (the sandbox on sockets, and its models without), and over the scripted double."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from crosspost.core.post import Lost, NotSent, Pause, PauseKind, Unread
from crosspost.core.reason import Code, Reason
from crosspost.net.wire import SocketWire
from crosspost.platforms.loading import load_platforms
from crosspost.sandbox.facebook import FacebookModel, FacebookOptions
from crosspost.sandbox.model import Sandbox
from crosspost.sandbox.serve import serve
from crosspost.sandbox.values import Fault, FaultKind
from crosspost.sandbox.x import XModel
from crosspost.testing.doubles import HandClock, ModelWire, a_world
from crosspost.testing.platform_contract import Bench, PlatformContract, PlatformData, Trouble, open_bench
from crosspost.testing.scripted import ScriptedPlatform

PLATFORMS = load_platforms()
FAULTS = {
    Trouble.LOST_STANDS: Fault(FaultKind.CLOSE_AFTER, "POST"),
    Trouble.LOST_GONE: Fault(FaultKind.CLOSE_BEFORE, "POST"),
    Trouble.ERROR_STANDS: Fault(FaultKind.ERROR_AFTER, "POST"),
    Trouble.HTML_STANDS: Fault(FaultKind.HTML_AFTER, "POST"),
    Trouble.DUPLICATE: Fault(FaultKind.DUPLICATE, "POST"),
    Trouble.RATE_LIMIT: Fault(FaultKind.RATE_LIMIT, "POST"),
    Trouble.UNAUTHORIZED: Fault(FaultKind.EXPIRED_TOKEN, "POST"),
}
READS = {"x": "/tweets", "facebook": "/published_posts"}


def alarm(seconds, action):
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer.cancel


def x_model():
    return XModel(
        "consumer-key", "planted-consumer-secret", "4242-planted-token", "planted-token-secret", "4242", "ngo"
    )


def facebook_model():
    return FacebookModel("100200300", "planted-page-token", "NGO", FacebookOptions(app_secret="planted-app-secret"))


def sandbox_of(name):
    model = x_model() if name == "x" else facebook_model()
    sandbox = Sandbox(x=(model,)) if name == "x" else Sandbox(facebook=(model,))
    variables = sandbox.environment("http://127.0.0.1")
    return model, sandbox, {key.partition("_")[2]: value for key, value in variables.items() if "API_URL" not in key}


class SandboxBench(Bench):
    """What both ways to the sandbox share."""

    def __init__(self, name):
        self.platform = PLATFORMS[name]
        self.clock = HandClock()
        self.model, self.sandbox, self.keys = sandbox_of(name)
        self.secrets = tuple(value for name, value in self.keys.items() if name != "PAGE_ID")

    def meet(self, trouble):
        if trouble is Trouble.UNREACHABLE:
            self.be_unreachable()
        elif trouble is Trouble.BROKEN_READ:
            self.model.faults.add(Fault(FaultKind.HTML_AFTER, "GET", READS[self.platform.name]))
        else:
            self.model.faults.add(FAULTS[trouble])

    def standing(self):
        return tuple(post.id for post in self.model.timeline())


class ModelBench(SandboxBench):
    def __init__(self, name):
        super().__init__(name)
        self.wire = ModelWire(self.sandbox, self.clock)
        self.adapter = open_bench(self.platform, a_world(self.wire, self.clock), "http://127.0.0.1", self.keys)

    def be_unreachable(self):
        self.wire.reachable = False


class SocketBench(SandboxBench):
    def __init__(self, name):
        super().__init__(name)
        self.server = serve(self.sandbox, now=self.clock.now)
        self.world = a_world(SocketWire(alarm), self.clock)
        self.adapter = open_bench(self.platform, self.world, self.server.url, self.keys)

    def be_unreachable(self):
        self.server.close()


class ScriptedBench(Bench):
    def __init__(self):
        scripted = ScriptedPlatform()
        self.platform = scripted.platform
        self.clock = HandClock()
        self.account = scripted.account("scripted")
        self.adapter = open_bench(self.platform, a_world(None, self.clock), "", {"TOKEN": "planted-token"})
        self.secrets = ("planted-token",)

    def meet(self, trouble):
        match trouble:
            case Trouble.UNREACHABLE:
                self.account.will(NotSent(Reason.of(Code.NOT_CONNECTED, kind="refused")))
            case Trouble.LOST_STANDS | Trouble.ERROR_STANDS | Trouble.HTML_STANDS:
                self.account.will(Lost(Reason.of(Code.LOST, kind="cut")), stands=True)
            case Trouble.LOST_GONE:
                self.account.will(Lost(Reason.of(Code.LOST, kind="cut")))
            case Trouble.DUPLICATE:
                self.account.will(Lost(Reason.of("scripted.duplicate"), duplicate=True))
            case Trouble.RATE_LIMIT:
                until = self.clock.now() + timedelta(minutes=5)
                self.account.will(NotSent(Reason.of("scripted.rate-limit"), Pause(PauseKind.RATE_LIMIT, until)))
            case Trouble.UNAUTHORIZED:
                self.account.will(NotSent(Reason.of("scripted.unauthorized"), Pause(PauseKind.UNAUTHORIZED)))
            case Trouble.BROKEN_READ:
                self.account.unread = Unread(Reason.of(Code.CANT_TELL, detail="html"))

    def standing(self):
        return tuple(post.remote_id for post in self.account.posts)


@pytest.mark.parametrize("name", ["x", "facebook"])
class TestOverTheModels(PlatformContract):
    @pytest.fixture
    def bench(self, name):
        return ModelBench(name)


@pytest.mark.parametrize("name", ["x", "facebook"])
class TestOverSockets(PlatformContract):
    @pytest.fixture
    def bench(self, name):
        made = SocketBench(name)
        yield made
        made.server.close()


class TestScripted(PlatformContract):
    @pytest.fixture
    def bench(self):
        return ScriptedBench()


class TestDataOfEveryEntryPoint(PlatformData):
    @pytest.fixture(params=sorted(PLATFORMS))
    def platform(self, request):
        return PLATFORMS[request.param]


class TestDataOfTheScripted(PlatformData):
    @pytest.fixture(params=[True, False])
    def platform(self, request):
        return ScriptedPlatform(costs=request.param).platform
