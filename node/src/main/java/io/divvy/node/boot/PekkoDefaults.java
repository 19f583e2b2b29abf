package io.divvy.node.boot;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Pekko's own defaults, read once when the program is installed instead of at every start.
 *
 * <p>They come as thousands of commented lines in ten jars; parsing these takes a sixth of the time
 * that a node needs to start. The launcher has them written to one file without comments and names
 * it; without that file all works the same, a little later.
 */
public final class PekkoDefaults {
  private static final String PROPERTY = "divvy.defaults";
  private static final String RESOURCE = "reference.conf";

  /**
   * The serializers of parts of Pekko that Divvy does not use: replicated data, topics, singletons,
   * producers with confirmation. Pekko makes all it knows when it starts.
   */
  private static final Set<String> UNUSED =
      Set.of(
          "pekko-cluster-client",
          "pekko-data-replication",
          "pekko-pubsub",
          "pekko-replicated-data",
          "pekko-singleton",
          "reliable-delivery");

  private static final String SERIALIZERS = "pekko.actor.serializers";
  private static final String BINDINGS = "pekko.actor.serialization-bindings";

  private PekkoDefaults() {}

  /**
   * Writes the defaults of the jars on the class path, for the launcher.
   *
   * @param arguments the file
   */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of(arguments[0]), text());
  }

  /** The defaults as JSON. */
  static String text() {
    Config all = ConfigFactory.defaultReferenceUnresolved().resolve().withoutPath("divvy");
    Config used = all;
    for (String serializer : UNUSED) {
      used = used.withoutPath(SERIALIZERS + "." + serializer);
    }
    for (Map.Entry<String, ConfigValue> bound : all.getObject(BINDINGS).entrySet()) {
      if (UNUSED.contains(bound.getValue().unwrapped())) {
        used = used.withoutPath(BINDINGS + "." + ConfigUtil.quoteString(bound.getKey()));
      }
    }
    return used.root().render(ConfigRenderOptions.concise());
  }

  /** The class loader in which Pekko finds its defaults: ours, but for those. */
  static ClassLoader loader() {
    ClassLoader own = PekkoDefaults.class.getClassLoader();
    String file = System.getProperty(PROPERTY, "");
    return !file.isEmpty() && Files.isReadable(Path.of(file))
        ? new Loader(own, Path.of(file))
        : own;
  }

  private static final class Loader extends ClassLoader {
    private final Path defaults;

    Loader(ClassLoader parent, Path defaults) {
      super(parent);
      this.defaults = defaults;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.equals(RESOURCE)
          ? Collections.enumeration(List.of(defaults.toUri().toURL()))
          : super.getResources(name);
    }
  }
}
