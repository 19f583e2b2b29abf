package io.divvy.node.download.place;

import io.divvy.node.download.list.Line.Wanted;
import io.divvy.node.download.list.Urls;
import io.divvy.node.input.Suggestions;
import io.divvy.node.input.UsageException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How files are named: {@code image_{index}{ext}}. A slash that is written in it makes sub-folders;
 * a slash in what is filled in does not.
 */
public final class Template {

  private static final List<String> KNOWN = List.of("index", "name", "ext", "host", "path");
  private static final Pattern PIECE = Pattern.compile("\\{([^{}]*)}|[^{}]+");
  private static final Pattern PADDED = Pattern.compile("index:([1-9]|1[0-9])");
  // What a file is called whose URL ends in a slash.
  private static final String UNNAMED = "index";

  private final List<String> folders;
  private final String file;
  private final boolean open;
  private final boolean given;

  private Template(List<String> folders, String file, boolean open, boolean given) {
    this.folders = List.copyOf(folders);
    this.file = file;
    this.open = open;
    this.given = given;
  }

  /** The name that the URL ends with. */
  public static Template lastSegment() {
    return new Template(List.of(), "", false, false);
  }

  /** Reads the template of {@code --name}. */
  public static Template parse(String text) throws UsageException {
    Matcher piece = PIECE.matcher(text);
    int end = 0;
    while (piece.find() && piece.start() == end) {
      end = piece.end();
      String place = piece.group(1);
      if (place != null && !KNOWN.contains(place) && !PADDED.matcher(place).matches()) {
        throw new UsageException(
            "--name '" + text + "': " + Suggestions.unknown("place", place, KNOWN));
      }
    }
    if (end != text.length() || text.isBlank()) {
      throw wrong(text, "is no template: write text and {index} {name} {ext} {host} {path}");
    }
    List<String> folders = new ArrayList<>(List.of(text.split("/", -1)));
    for (String folder : folders) {
      if (folder.isBlank() || folder.equals(".") || folder.equals("..")) {
        throw wrong(text, "leads out of the folder or nowhere: write a name, or FOLDER/NAME");
      }
    }
    String file = folders.remove(folders.size() - 1);
    boolean open = file.endsWith("{ext}");
    String stem = open ? file.substring(0, file.length() - "{ext}".length()) : file;
    if (stem.contains("{ext}") || String.join("/", folders).contains("{ext}")) {
      throw wrong(text, "has {ext} elsewhere than at its end, such as in {name}-{index}{ext}");
    }
    return new Template(folders, stem, open, true);
  }

  /** Whether an answer's content type may decide the extension of any file. */
  boolean open() {
    return open;
  }

  /** The name of an item before anybody looked whether it is taken. */
  Name name(Wanted item) {
    Fill fill = Fill.of(item);
    if (item.out().isPresent()) {
      return fixed("", item.out().get());
    }
    if (!given) {
      return fill.named() ? fixed("", fill.full()) : new Name("", UNNAMED, Optional.empty());
    }
    StringBuilder folder = new StringBuilder();
    for (String part : folders) {
      folder.append(orUnderscore(FileNames.clean(fill.in(part)))).append('/');
    }
    if (!open) {
      return fixed(folder.toString(), fill.in(file));
    }
    Optional<String> extension = Optional.of(fill.extension()).filter(known -> !known.isEmpty());
    String stem = orUnderscore(FileNames.clean(fill.in(file)));
    int room = extension.map(String::length).orElse(Extensions.LONGEST);
    return new Name(folder.toString(), FileNames.fitted(stem, "", room), extension);
  }

  private static Name fixed(String folder, String text) {
    String name = orUnderscore(FileNames.clean(text));
    String extension = FileNames.extension(name);
    return new Name(folder, FileNames.stem(name, extension), Optional.of(extension));
  }

  private static String orUnderscore(String name) {
    return name.isEmpty() ? "_" : name;
  }

  private static UsageException wrong(String text, String why) {
    return new UsageException("--name '" + text + "' " + why);
  }

  /** What is filled in for one item. */
  private record Fill(long number, String host, String path, String full) {

    static Fill of(Wanted item) {
      URI url = item.url();
      String raw = url.getRawPath().substring(1);
      String last = FileNames.clean(decoded(raw.substring(raw.lastIndexOf('/') + 1)));
      return new Fill(item.index() + 1, Urls.host(url), decoded(raw), last);
    }

    boolean named() {
      return !full.isEmpty();
    }

    String extension() {
      return FileNames.extension(full);
    }

    String in(String text) {
      StringBuilder filled = new StringBuilder();
      Matcher piece = PIECE.matcher(text);
      while (piece.find()) {
        String place = piece.group(1);
        filled.append(place == null ? piece.group() : value(place));
      }
      return filled.toString();
    }

    private String value(String place) {
      String stem = FileNames.stem(full, extension());
      return switch (place) {
        case "index" -> Long.toString(number);
        case "name" -> named() ? stem : UNNAMED;
        case "host" -> host;
        case "path" -> pathWithoutExtension();
        default -> String.format(Locale.ROOT, "%0" + place.substring(6) + "d", number);
      };
    }

    private String pathWithoutExtension() {
      String whole = path.endsWith("/") || path.isEmpty() ? path + UNNAMED : path;
      return FileNames.stem(whole, FileNames.extension(whole)).replace('/', '_');
    }
  }

  // Once only: %252e is the text %2e. What is no UTF-8 stays as it was written.
  private static String decoded(String raw) {
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    ByteBuffer bytes = ByteBuffer.allocate(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.put((byte) Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.put((byte) c);
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      return raw;
    }
  }
}
