package io.divvy.node.download.list;

import io.divvy.node.input.UsageException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A list of URLs, read line by line as it is asked for: the first line is there before the last one
 * is written.
 *
 * <p>A line is {@code URL [out=NAME] [sha256=HEX]}; a NAME with blanks stands in double quotes.
 */
public final class UrlList implements Closeable {

  static final int MAX_LINE = 1 << 16;
  private static final int SHOWN = 200;
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private final InputStream input;
  private final Marks seen = new Marks();
  private Optional<Line> ahead = Optional.empty();
  private int line;
  private long items;

  /** Reads from a stream, which {@link #close} closes. */
  public UrlList(InputStream input) {
    this.input = new BufferedInputStream(input, 1 << 16);
  }

  /**
   * Opens a file, or for {@code -} takes the standard input.
   *
   * @throws UsageException when there is nothing to read
   */
  public static UrlList open(String name, InputStream standardInput) throws UsageException {
    if (name.equals("-")) {
      return new UrlList(standardInput);
    }
    try {
      Path path = Path.of(name);
      if (Files.isDirectory(path)) {
        throw new UsageException(
            "the list '" + name + "' is a folder; give a file with one URL a line, or -");
      }
      return new UrlList(Files.newInputStream(path));
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new UsageException(
          "the list '" + name + "' does not exist; give a file with one URL a line, or -", e);
    } catch (AccessDeniedException e) {
      throw new UsageException("the list '" + name + "' may not be read: permission denied", e);
    } catch (IOException e) {
      throw new UsageException("the list '" + name + "' cannot be read: " + e.getMessage(), e);
    }
  }

  /** Whether nothing is in it; waits until that is clear. */
  public boolean isEmpty() throws IOException {
    ahead = items == 0 ? read() : ahead;
    return items == 0;
  }

  /**
   * Waits until it is clear that there is something in it.
   *
   * @param name what the user calls it
   * @throws UsageException when there is nothing
   */
  public void requireSome(String name) throws UsageException, IOException {
    if (isEmpty()) {
      throw new UsageException("the list " + name + " has no URL; give a file with one URL a line");
    }
  }

  /** The next line that says something; nothing at the end. */
  public Optional<Line> next() throws IOException {
    Optional<Line> next = ahead.isPresent() ? ahead : read();
    ahead = Optional.empty();
    return next;
  }

  private Optional<Line> read() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    while (true) {
      bytes.reset();
      int ending = input.read();
      if (ending < 0) {
        return Optional.empty();
      }
      line++;
      boolean whole = true;
      for (; ending >= 0 && ending != '\n'; ending = input.read()) {
        whole = bytes.size() < MAX_LINE;
        if (whole) {
          bytes.write(ending);
        }
      }
      Optional<Line> said = said(bytes.toByteArray(), whole);
      if (said.isPresent()) {
        return said;
      }
    }
  }

  @Override
  public void close() throws IOException {
    input.close();
  }

  private Optional<Line> said(byte[] bytes, boolean whole) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      text = new String(bytes, StandardCharsets.UTF_8);
      return text.startsWith("#") ? Optional.empty() : Optional.of(bad(text, notText(whole)));
    }
    if (line == 1 && text.startsWith("\uFEFF")) {
      text = text.substring(1);
    }
    text = text.strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return Optional.empty();
    }
    if (!whole) {
      return Optional.of(bad(text, notText(false)));
    }
    try {
      return Optional.of(item(text));
    } catch (Urls.UnreadableException e) {
      return Optional.of(bad(text, "the URL " + e.getMessage()));
    } catch (FieldException e) {
      return Optional.of(bad(text, e.getMessage()));
    }
  }

  private static String notText(boolean whole) {
    return whole
        ? "the line is not in UTF-8; save the list as UTF-8"
        : "the line has more than " + MAX_LINE + " bytes; write one URL a line";
  }

  private Line item(String text) throws Urls.UnreadableException, FieldException {
    int end = blank(text, 0);
    URI url = Urls.parse(text.substring(0, end));
    String out = "";
    String sha256 = "";
    while (end < text.length()) {
      int start = end + 1;
      end = field(text, start);
      String field = text.substring(start, end);
      if (field.startsWith("out=") && out.isEmpty()) {
        out = out(field);
      } else if (field.startsWith("sha256=") && sha256.isEmpty()) {
        sha256 = sha256(field);
      } else if (!field.isEmpty()) {
        throw new FieldException(unknown(field));
      }
    }
    Line.Wanted wanted = new Line.Wanted(items, line, url, given(out), given(sha256));
    Mark mark = wanted.mark();
    long first = seen.get(mark);
    if (first != Marks.ABSENT) {
      return new Line.Duplicate(line, url, first);
    }
    seen.put(mark, items);
    items++;
    return wanted;
  }

  private Line bad(String text, String why) {
    StringBuilder shown = new StringBuilder();
    text.strip()
        .codePoints()
        .limit(SHOWN)
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .forEach(shown::appendCodePoint);
    return new Line.Bad(items++, line, shown.toString(), why);
  }

  private static Optional<String> given(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static String unknown(String field) {
    if (field.startsWith("out=") || field.startsWith("sha256=")) {
      return "the line has " + field.substring(0, field.indexOf('=')) + " twice";
    }
    return "unknown field '"
        + shortened(field)
        + "'; allowed are out=NAME and sha256=HEX, and a blank in a URL is %20";
  }

  private static String shortened(String text) {
    String clean = text.codePoints().anyMatch(Character::isISOControl) ? "?" : text;
    return clean.length() > 40 ? clean.substring(0, clean.offsetByCodePoints(0, 20)) + "…" : clean;
  }

  private static String out(String field) throws FieldException {
    String name = field.substring("out=".length());
    boolean quoted = name.length() >= 2 && name.startsWith("\"") && name.endsWith("\"");
    name = quoted ? name.substring(1, name.length() - 1) : name;
    if (name.isBlank()) {
      throw new FieldException("out= has no name; write out=NAME");
    }
    return name;
  }

  private static String sha256(String field) throws FieldException {
    String digits = field.substring("sha256=".length()).toLowerCase(Locale.ROOT);
    if (!SHA256.matcher(digits).matches()) {
      throw new FieldException(
          "sha256= has '" + shortened(digits) + "'; it takes 64 hexadecimal digits");
    }
    return digits;
  }

  private static int field(String text, int start) {
    if (!text.startsWith("out=\"", start)) {
      return blank(text, start);
    }
    int close = text.indexOf('"', start + "out=\"".length());
    return close < 0 ? text.length() : blank(text, close);
  }

  private static int blank(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || c == '\t') {
        return i;
      }
    }
    return text.length();
  }

  /** A field that is not what it should be. */
  private static final class FieldException extends Exception {
    private static final long serialVersionUID = 1L;

    private FieldException(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
