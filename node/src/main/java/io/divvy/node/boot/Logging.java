package io.divvy.node.boot;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * The log file of this JVM; the console stays silent.
 *
 * <p>It has a bounded size, and the files of JVMs that are gone are swept but for the newest.
 */
public final class Logging {
  private static final int KEPT = 20;
  private static final String SIZE = "10MB";
  private static final Pattern NAME = Pattern.compile("divvy-[^/]*-(\\d+)\\.log(\\.1)?");
  private static final String LINE = "%d{HH:mm:ss.SSS} %-5level %logger{20} - %msg%n";

  private Logging() {}

  /** Uses the log folder of the user; what goes wrong is told on stderr. */
  public static Optional<Path> start(String what) {
    return start(Home.ofUser().logFolder(), what, System.err::println);
  }

  /**
   * Starts logging to {@code divvy-WHAT-PID.log}. Call it before anything logs.
   *
   * @param tell told one line when there can be no log file; the program runs without then
   * @return the file, if there is one
   */
  public static Optional<Path> start(Path folder, String what, Consumer<String> tell) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset(); // takes the console away that Logback starts with
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    try {
      Home.create(folder);
      sweep(folder, KEPT, Logging::isAlive);
      Path file = folder.resolve("divvy-" + what + "-" + ProcessHandle.current().pid() + ".log");
      Files.writeString(file, "");
      root.addAppender(appender(context, file));
      return Optional.of(file);
    } catch (IOException | UncheckedIOException e) {
      root.setLevel(Level.OFF);
      tell.accept("no log file: cannot write to '" + folder + "': " + e);
      return Optional.empty();
    }
  }

  private static RollingFileAppender<ILoggingEvent> appender(LoggerContext context, Path file) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(LINE);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.start();

    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName("file");
    appender.setFile(file.toString());

    FixedWindowRollingPolicy older = new FixedWindowRollingPolicy();
    older.setContext(context);
    older.setParent(appender);
    older.setMinIndex(1);
    older.setMaxIndex(1);
    older.setFileNamePattern(file.toString().replace("%", "\\%") + ".%i");
    older.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> full = new SizeBasedTriggeringPolicy<>();
    full.setContext(context);
    full.setMaxFileSize(FileSize.valueOf(SIZE));
    full.start();

    appender.setEncoder(encoder);
    appender.setRollingPolicy(older);
    appender.setTriggeringPolicy(full);
    appender.start();
    return appender;
  }

  /** Deletes the log files of processes that are gone, but for the newest {@code kept}. */
  static void sweep(Path folder, int kept, LongPredicate alive) throws IOException {
    List<Path> dead;
    try (Stream<Path> files = Files.list(folder)) {
      dead =
          files
              .filter(file -> pidOf(file).filter(pid -> !alive.test(pid)).isPresent())
              .sorted(Comparator.comparing(Logging::lastWritten).reversed())
              .toList();
    }
    for (Path file : dead.subList(Math.min(kept, dead.size()), dead.size())) {
      Files.deleteIfExists(file);
    }
  }

  private static Optional<Long> pidOf(Path file) {
    Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
    try {
      return matcher.matches() ? Optional.of(Long.valueOf(matcher.group(1))) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).isPresent();
  }

  private static FileTime lastWritten(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // another process swept it meanwhile
    }
  }
}
