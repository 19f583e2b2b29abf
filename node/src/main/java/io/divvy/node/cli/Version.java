package io.divvy.node.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IVersionProvider;

/** The version of the program, as Maven wrote it into the jar. */
public final class Version implements IVersionProvider {

  private static final String PROPERTIES = "/META-INF/maven/io.divvy/divvy-node/pom.properties";

  /** The version, or {@code development} when the program does not run from its jar. */
  public static String text() {
    try (@Nullable InputStream file = Version.class.getResourceAsStream(PROPERTIES)) {
      Properties properties = new Properties();
      if (file != null) {
        properties.load(file);
      }
      return properties.getProperty("version", "development");
    } catch (IOException e) {
      return "unreadable";
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "divvy " + text(),
      "Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")",
    };
  }
}
