"""What holds for all tests: properties are judged by their answers, never by how long a busy machine took."""

import pytest
from hypothesis import HealthCheck, settings

from dealwatch.__main__ import main
from pipeline_site import Site

settings.register_profile("dealwatch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("dealwatch")


@pytest.fixture
def site():
    """A small newspaper on loopback."""
    with Site() as site:
        yield site


@pytest.fixture
def store(tmp_path):
    """Where a test's store may lie."""
    return tmp_path / "deals.db"


@pytest.fixture
def run(path, capsys):
    """Runs a command line on the store that a test's `path` is: exit code, stdout, stderr."""

    def call(*argv):
        code = main(["--db", str(path), *argv])
        return code, *capsys.readouterr()

    return call
