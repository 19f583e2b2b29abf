package io.divvy.coordinator.journal;

import io.divvy.protocol.JobSpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which run a journal is of.
 *
 * @param run the id of the run
 * @param fingerprint which code the kind had
 * @param parameters all of them, as text
 * @param first the first number of the input
 * @param step the distance between its numbers
 * @param count how many there are
 * @param input the input as it was written, for people
 * @param automatic whether nobody asked for the journal, so that it goes when the run is done
 */
public record Head(
    String run,
    String kind,
    String fingerprint,
    SortedMap<String, String> parameters,
    long first,
    long step,
    long count,
    String input,
    boolean automatic) {

  public Head {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  /** The head of the journal of a new run. */
  public static Head of(String run, JobSpec job, String input, boolean automatic) {
    return new Head(
        run,
        job.kind(),
        job.fingerprint(),
        new TreeMap<>(job.parameters()),
        job.first(),
        job.step(),
        job.count(),
        input,
        automatic);
  }

  /** 64 hexadecimal digits over kind, parameters and input: what makes two jobs the same. */
  public String job() {
    StringBuilder text = new StringBuilder();
    append(text, kind);
    parameters.forEach(
        (name, value) -> {
          append(text, name);
          append(text, value);
        });
    text.append(first).append(' ').append(step).append(' ').append(count);
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** With its length before it, so that no two lists of words give the same text. */
  private static void append(StringBuilder text, String word) {
    text.append(word.length()).append(':').append(word).append(' ');
  }

  /** Why what is counted of this run does not count for {@code now}: the first difference. */
  public Optional<String> difference(Head now) {
    if (!kind.equals(now.kind)) {
      return Optional.of("its kind is " + kind + ", not " + now.kind);
    }
    for (String name : union(parameters, now.parameters)) {
      String old = parameters.getOrDefault(name, "not known");
      String current = now.parameters.getOrDefault(name, "not known");
      if (!Objects.equals(old, current)) {
        return Optional.of("its " + name + " is " + old + ", not " + current);
      }
    }
    if (first != now.first || step != now.step || count != now.count) {
      return Optional.of("its input is " + input + ", not " + now.input);
    }
    if (!fingerprint.equals(now.fingerprint)) {
      return Optional.of(
          "the code of "
              + kind
              + " was another: fingerprint "
              + fingerprint
              + ", now "
              + now.fingerprint);
    }
    return Optional.empty();
  }

  private static TreeSet<String> union(Map<String, String> one, Map<String, String> other) {
    TreeSet<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    return names;
  }
}
