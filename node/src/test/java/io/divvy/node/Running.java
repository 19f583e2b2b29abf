package io.divvy.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The program in a JVM of its own, what it says, and what it started itself. */
final class Running {
  private static final int TOLD = 200;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String words;
  private final Process process;
  private final List<Line> out = new CopyOnWriteArrayList<>();
  private final List<Line> err = new CopyOnWriteArrayList<>();
  private final List<Thread> readers;

  /** A line, and when it was read, in nanoseconds. */
  record Line(long at, String text) {}

  Running(String words, Process process) {
    this.words = words;
    this.process = process;
    this.readers = List.of(read(process.inputReader(), out), read(process.errorReader(), err));
  }

  private static Thread read(BufferedReader from, List<Line> to) {
    Thread reader =
        new Thread(
            () -> {
              // In lots: copying for each of many lines would take longer than what they tell of.
              List<Line> lot = new ArrayList<>();
              try (from) {
                for (String text = from.readLine(); text != null; text = from.readLine()) {
                  lot.add(new Line(System.nanoTime(), text));
                  if (!from.ready()) {
                    to.addAll(lot);
                    lot.clear();
                  }
                }
              } catch (IOException e) {
                lot.add(new Line(System.nanoTime(), "reading ended: " + e));
              }
              to.addAll(lot);
            });
    reader.setDaemon(true);
    reader.start();
    return reader;
  }

  long pid() {
    return process.pid();
  }

  /** Waits for a line on stderr that contains this. */
  Line awaitLine(String part) {
    return await(err, ".*" + Pattern.quote(part) + ".*").line();
  }

  /** Waits until so many lines on stderr contain this. */
  void awaitLines(String part, long count) {
    Waiting.until(
        count + " lines with '" + part + "' from: " + words,
        () -> err.stream().filter(line -> line.text().contains(part)).count() >= count,
        this::hasSaidAll);
  }

  /** Waits for a line on stderr that matches, and answers its groups. */
  Matcher awaitMatch(String pattern) {
    return await(err, pattern).matcher();
  }

  private record Found(Line line, Matcher matcher) {}

  /** Looks at each line once: there may be tens of thousands. */
  private Found await(List<Line> lines, String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    AtomicInteger seen = new AtomicInteger();
    return Waiting.find(
        "a line like '" + pattern + "' from: " + words,
        () -> {
          while (seen.get() < lines.size()) {
            Line line = lines.get(seen.getAndIncrement());
            Matcher matcher = compiled.matcher(line.text());
            if (matcher.matches()) {
              return Optional.of(new Found(line, matcher));
            }
          }
          return Optional.empty();
        },
        this::hasSaidAll);
  }

  /** A node's first word: it can take work. */
  JsonNode awaitReady() {
    return json(await(out, "\\{.*").line().text());
  }

  String name() {
    return awaitReady().at("/name").asText();
  }

  String address() {
    return awaitReady().at("/address").asText();
  }

  /** Waits for its end, and for its last words; answers the exit code. */
  int awaitExit() {
    Waiting.until("the end of: " + words, this::hasSaidAll, () -> false);
    return process.exitValue();
  }

  private boolean hasSaidAll() {
    return !process.isAlive() && readers.stream().noneMatch(Thread::isAlive);
  }

  /** All of stdout, which has to be one JSON object, once it has ended. */
  JsonNode json() {
    awaitExit();
    return json(text(out));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }

  List<String> outLines() {
    return out.stream().map(Line::text).toList();
  }

  List<Line> errLines() {
    return List.copyOf(err);
  }

  String err() {
    return text(err);
  }

  private static String text(List<Line> lines) {
    return String.join("\n", lines.stream().map(Line::text).toList());
  }

  /** How long its threads have computed, all together. */
  Duration cpuTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Sends a signal such as {@code STOP}. */
  void send(String signal) throws IOException {
    send(signal, pid());
  }

  static void send(String signal, long pid) throws IOException {
    Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid).start();
    Waiting.until("kill -" + signal, () -> !kill.isAlive(), () -> false);
    if (kill.exitValue() != 0) {
      throw new IOException("kill -" + signal + " " + pid + ": exit code " + kill.exitValue());
    }
  }

  /** Kills it as {@code kill -9} does, and nothing that it started. */
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** The processes that it has started and that live. */
  List<Long> children() {
    return process.descendants().map(ProcessHandle::pid).toList();
  }

  /** It and the processes that it has started. */
  Stream<ProcessHandle> family() {
    return Stream.concat(process.descendants(), Stream.of(process.toHandle()))
        .filter(ProcessHandle::isAlive);
  }

  void killFamily() {
    family().toList().forEach(ProcessHandle::destroyForcibly);
  }

  /** What it said, for one who has to find out why a test failed. */
  List<String> story() {
    List<String> story = new ArrayList<>();
    String end = process.isAlive() ? "lives" : "exit code " + process.exitValue();
    story.add("==== " + words + " (pid " + pid() + ", " + end + ")");
    last(outLines()).forEach(line -> story.add("out| " + line));
    last(errLines().stream().map(Line::text).toList()).forEach(line -> story.add("err| " + line));
    return story;
  }

  static List<String> last(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - TOLD), lines.size());
  }
}
