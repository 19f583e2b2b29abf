package io.divvy.node.download.fetch;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file name that {@code Content-Disposition} suggests. */
final class Disposition {
  private static final Pattern PARAMETER =
      Pattern.compile(";\\s*([A-Za-z0-9!#$&+.^_`|~*-]+)\\s*=\\s*(\"(?:[^\"\\\\]|\\\\.)*+\"|[^;]*)");
  private static final Pattern EXTENDED =
      Pattern.compile("(?i)(utf-8|iso-8859-1)'[^']*'(.*)", Pattern.DOTALL);

  private Disposition() {}

  static Optional<String> fileName(String header) {
    String plain = "";
    String extended = "";
    Matcher parameter = PARAMETER.matcher(header);
    while (parameter.find()) {
      String value = parameter.group(2).strip();
      switch (parameter.group(1).toLowerCase(Locale.ROOT)) {
        case "filename" -> plain = unquoted(value);
        case "filename*" -> extended = decoded(value);
        default -> {
          // None of the others names the file.
        }
      }
    }
    String name = extended.isEmpty() ? plain : extended;
    return name.isBlank() ? Optional.empty() : Optional.of(Texts.clean(name));
  }

  private static String unquoted(String value) {
    return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
        ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
        : value;
  }

  private static String decoded(String value) {
    Matcher form = EXTENDED.matcher(unquoted(value));
    if (!form.matches()) {
      return "";
    }
    boolean utf8 = form.group(1).toLowerCase(Locale.ROOT).equals("utf-8");
    Charset charset = utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    return new String(Percent.decoded(form.group(2)), charset);
  }
}
