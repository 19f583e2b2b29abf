package io.divvy.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All settings of the program, checked. */
public record DivvySettings(
    NodeSettings node,
    ChunkSettings chunks,
    LeaseSettings leases,
    ResultSettings results,
    MergeSettings merge,
    JournalSettings journal,
    SlotSettings slots,
    CommandSettings command,
    ProgressSettings progress,
    PekkoConfig pekko) {

  /** System properties that start with {@code divvy.} and are no settings: the launcher's own. */
  private static final Set<String> NO_SETTINGS =
      Set.of("columns", "defaults", "launcher", "root", "terminal");

  /** The groups whose keys are Pekko's; only Pekko knows them all. */
  private static final Set<String> PEKKO_ROLES = Set.of("common", "local", "remote", "member");

  /**
   * The defaults, under them those of {@code file}, over both the system properties {@code
   * divvy.…}.
   *
   * @throws SettingsException with a line for each problem
   */
  public static DivvySettings load(Optional<Path> file) {
    Config defaults = defaults();
    List<String> problems = new ArrayList<>();
    Config fromFile = file.map(path -> parse(path, problems)).orElseGet(ConfigFactory::empty);
    fromFile.root().keySet().stream()
        .filter(key -> !key.equals("divvy"))
        .sorted()
        .forEach(key -> problems.add(elsewhere(key, fromFile)));
    return from(systemProperties().withFallback(fromFile), defaults, problems);
  }

  /** These settings over the defaults; {@code config} has them under {@code divvy}. */
  public static DivvySettings from(Config config) {
    return from(config, defaults(), new ArrayList<>());
  }

  private static DivvySettings from(Config config, Config defaults, List<String> problems) {
    Config given;
    try {
      given = config.withFallback(defaults).resolve();
    } catch (ConfigException e) {
      problems.add(firstLine(e));
      throw new SettingsException(problems);
    }
    unknown("divvy", config.root().get("divvy"), defaults.getConfig("divvy").root(), problems);
    Reader reader = new Reader(given, defaults);
    @Nullable NodeSettings node = section(() -> NodeSettings.from(reader), problems);
    @Nullable ChunkSettings chunks = section(() -> ChunkSettings.from(reader), problems);
    @Nullable LeaseSettings leases = section(() -> LeaseSettings.from(reader), problems);
    @Nullable ResultSettings results = section(() -> ResultSettings.from(reader), problems);
    @Nullable MergeSettings merge = section(() -> MergeSettings.from(reader), problems);
    @Nullable JournalSettings journal = section(() -> JournalSettings.from(reader), problems);
    @Nullable SlotSettings slots = section(() -> SlotSettings.from(reader), problems);
    @Nullable CommandSettings command = section(() -> CommandSettings.from(reader), problems);
    @Nullable ProgressSettings progress = section(() -> ProgressSettings.from(reader), problems);
    problems.addAll(reader.problems());
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return new DivvySettings(
        Objects.requireNonNull(node),
        Objects.requireNonNull(chunks),
        Objects.requireNonNull(leases),
        Objects.requireNonNull(results),
        Objects.requireNonNull(merge),
        Objects.requireNonNull(journal),
        Objects.requireNonNull(slots),
        Objects.requireNonNull(command),
        Objects.requireNonNull(progress),
        new PekkoConfig(given.getConfig("divvy.pekko")));
  }

  private static <T> @Nullable T section(Supplier<T> read, List<String> problems) {
    try {
      return read.get();
    } catch (SettingsException e) {
      problems.addAll(e.lines());
      return null;
    }
  }

  /**
   * The reference.conf that lies beside this class. Pekko has several of that name, so the class
   * path cannot be asked; and reading those too would cost every command, even {@code --help}, the
   * time.
   */
  private static Config defaults() {
    URL here = Objects.requireNonNull(DivvySettings.class.getResource("DivvySettings.class"));
    try {
      return ConfigFactory.parseURL(
              new URL(here, "../../../reference.conf"),
              ConfigParseOptions.defaults().setAllowMissing(false))
          .resolve();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("no reference.conf beside " + here, e);
    }
  }

  private static Config systemProperties() {
    Config all = ConfigFactory.systemProperties();
    return all.hasPath("divvy") ? all.withOnlyPath("divvy") : ConfigFactory.empty();
  }

  private static Config parse(Path file, List<String> problems) {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      String what = Files.exists(file) ? "it cannot be read as a file" : "there is no such file";
      problems.add("settings file '" + file + "': " + what + "; give a readable one to --config");
      return ConfigFactory.empty();
    }
    try {
      return ConfigFactory.parseFile(
          file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    } catch (ConfigException e) {
      problems.add("settings file '" + file + "': " + firstLine(e));
      return ConfigFactory.empty();
    }
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static String elsewhere(String key, Config file) {
    String place = file.root().getOrDefault(key, file.root()).origin().description();
    return key
        + " ("
        + place
        + ") is not read; allowed: settings under 'divvy'"
        + (key.equals("pekko") ? ", those of Pekko under 'divvy.pekko.common'" : "");
  }

  private static void unknown(
      String path, @Nullable ConfigValue given, ConfigObject known, List<String> problems) {
    if (given == null) {
      return;
    }
    if (!(given instanceof ConfigObject group)) {
      problems.add(path + " is " + given.unwrapped() + "; allowed: a group of settings");
      return;
    }
    for (String key : new TreeSet<>(group.keySet())) {
      ConfigValue value = Objects.requireNonNull(group.get(key));
      String full = path + "." + ConfigUtil.joinPath(key);
      if (path.equals("divvy") && NO_SETTINGS.contains(key)) {
        continue;
      }
      if (!known.containsKey(key)) {
        String place = value.origin().description();
        problems.add("unknown setting " + full + " (" + place + "); " + nearest(path, key, known));
      } else if (known.get(key) instanceof ConfigObject expected
          && !(path.equals("divvy.pekko") && PEKKO_ROLES.contains(key))) {
        unknown(full, value, expected, problems);
      }
    }
  }

  private static String nearest(String path, String key, ConfigObject known) {
    return Words.nearest(key, known.keySet())
        .map(near -> "did you mean " + path + "." + near + "?")
        .orElseGet(() -> "known there: " + String.join(", ", new TreeSet<>(known.keySet())));
  }
}
