package io.divvy.node.drill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder in which a command and its keeper tell each other what became of the drills: a file with
 * a JSON object a line, of which the last about a drill counts.
 */
public final class DrillRecord {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path lines;
  private final Path complete;
  private final Path journal;

  /** The record in a folder that exists. */
  public DrillRecord(Path folder) {
    this.lines = folder.resolve("drills.jsonl");
    this.complete = folder.resolve("complete");
    this.journal = folder.resolve("journal");
  }

  /**
   * What is known of a drill.
   *
   * @param drill its place in the plan
   * @param counted how many items were counted when the command was to be killed; -1 for a node
   * @param killedAtMillis when the keeper did it, as {@link System#currentTimeMillis()}; -1 before
   * @param unfinished a file of the command that nobody needs once it is killed, or null
   */
  public record Line(
      int drill, Drilled drilled, long counted, long killedAtMillis, @Nullable String unfinished) {

    /** Whether the command is to be killed, and was not. */
    public boolean asksToKill() {
      return counted >= 0 && killedAtMillis < 0;
    }

    /** The command was killed then, and its process had ended after so many seconds. */
    public Line killed(long atMillis, double seconds) {
      return new Line(drill, drilled.noticed(seconds, -1), counted, atMillis, null);
    }
  }

  /** Adds a line. */
  public void add(Line line) throws IOException {
    Files.write(
        lines,
        (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  /** The last line about each drill; one that is being written is left out. */
  public Map<Integer, Line> read() throws IOException {
    Map<Integer, Line> last = new TreeMap<>();
    String text;
    try {
      text = Files.readString(lines);
    } catch (NoSuchFileException e) {
      return last;
    }
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      try {
        Line read = JSON.readValue(line, Line.class);
        last.put(read.drill(), read);
      } catch (JsonProcessingException e) {
        // Cut off by the death of its writer.
      }
    }
    return last;
  }

  /** How much was written so far, in bytes. */
  public long size() throws IOException {
    return Files.exists(lines) ? Files.size(lines) : 0;
  }

  /** Nothing is left to compute. */
  public void completed() throws IOException {
    Files.write(complete, new byte[0]);
  }

  /** Whether nothing is left to compute. */
  public boolean isComplete() {
    return Files.exists(complete);
  }

  /** Where the journal is when nobody asked for one. */
  public Path journal() {
    return journal;
  }

  /** Removes all but the journal. */
  public void delete() throws IOException {
    Files.deleteIfExists(lines);
    Files.deleteIfExists(complete);
  }
}
