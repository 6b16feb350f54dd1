"""Tomcat's own parser of server.xml, asked what it makes of connectors."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from support.programs import need

ASKED = (
    *("maxThreads", "minSpareThreads", "maxConnections", "acceptCount", "connectionTimeout"),
    *("keepAliveTimeout", "maxPostSize", "maxSwallowSize"),
    *("maxHttpHeaderSize", "maxParameterCount", "asyncTimeout", "port", "enableLookups"),
)
PROGRAM = """
import java.io.*; import org.apache.catalina.*; import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Catalina; import org.apache.tomcat.util.digester.Digester;
public class Ask extends Catalina {
  static String[] NAMES = "%s".split(" ");
  void ask(String file) {
    try (InputStream in = new FileInputStream(file)) {
      Digester digester = createStartDigester();
      digester.push(this);
      digester.parse(new org.xml.sax.InputSource(in));
      StringBuilder said = new StringBuilder("ok");
      for (Service service : getServer().findServices())
        for (Connector each : service.findConnectors()) {
          said.append(" ;");
          for (String name : NAMES) said.append(" ").append(name).append("=").append(org.apache.tomcat.util.IntrospectionUtils.getProperty(each, name));
        }
      System.out.println(said);
    } catch (Throwable refused) { System.out.println("refused"); }
  }
  public static void main(String[] files) {
    java.util.logging.LogManager.getLogManager().reset();
    PrintStream out = System.out;
    for (String file : files) new Ask().ask(file);
  }
}
"""

Told = list[dict[str, str]] | None


def asked(folder: Path, texts: Sequence[str]) -> list[Told]:
    """What Tomcat makes of each text: the properties of its connectors; None where it refuses it."""
    home = Path(need("catalina.sh", "tomcat10")).resolve().parent.parent
    java = need("java", "openjdk-17-jdk-headless")
    program = folder / "Ask.java"
    program.write_text(PROGRAM % " ".join(ASKED), "utf-8")
    files = [folder / f"{n}.xml" for n in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, "utf-8")
    jars = f"{home}/lib/*:{home}/bin/*:/usr/share/java/tomcat10-juli.jar"
    options = ["-cp", jars, f"-Dcatalina.home={home}", f"-Dcatalina.base={folder}", "-Dknown=77"]
    done = subprocess.run(
        [java, *options, str(program), *map(str, files)],
        capture_output=True, text=True, check=True, timeout=90,
    )  # fmt: skip
    lines = [x for x in done.stdout.splitlines() if x == "refused" or x.startswith("ok")]
    assert len(lines) == len(texts), done.stderr[-2000:]
    return [None if line == "refused" else _connectors(line) for line in lines]


def _connectors(line: str) -> list[dict[str, str]]:
    parts = [part.split() for part in line.split(";")[1:]]
    return [dict(pair.split("=", 1) for pair in part) for part in parts]
