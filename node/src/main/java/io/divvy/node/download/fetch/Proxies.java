package io.divvy.node.download.fetch;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Through whom to ask.
 *
 * @param http for http URLs
 * @param https for https URLs, by a tunnel
 * @param direct hosts that are asked without: {@code *}, a name with all below it, {@code
 *     NAME:PORT}, or a block of addresses as {@code 10.0.0.0/8}
 */
public record Proxies(Optional<URI> http, Optional<URI> https, List<String> direct) {
  public static final Proxies NONE = new Proxies(Optional.empty(), Optional.empty(), List.of());

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");

  public Proxies {
    direct = List.copyOf(direct);
  }

  /**
   * As {@code http_proxy}, {@code https_proxy}, {@code all_proxy} and {@code no_proxy} say, in
   * lower case or, where that is not set, in upper case.
   *
   * @throws IllegalArgumentException with one line when a proxy cannot be used
   */
  public static Proxies from(Map<String, String> environment) {
    Optional<URI> all = proxy(environment, "all_proxy");
    List<String> direct = new ArrayList<>();
    for (String name : value(environment, "no_proxy").orElse("").split("[,\\s]+", -1)) {
      if (!name.isEmpty()) {
        direct.add(name.toLowerCase(Locale.ROOT));
      }
    }
    return new Proxies(
        proxy(environment, "http_proxy").or(() -> all),
        proxy(environment, "https_proxy").or(() -> all),
        direct);
  }

  private static Optional<URI> proxy(Map<String, String> environment, String name) {
    return value(environment, name).map(text -> parse(name, text));
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    String lower = environment.get(name);
    String value = lower == null ? environment.get(name.toUpperCase(Locale.ROOT)) : lower;
    return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
  }

  private static URI parse(String name, String text) {
    try {
      URI url = URI.create(SCHEME.matcher(text).matches() ? text : "http://" + text);
      if ("http".equalsIgnoreCase(url.getScheme())) {
        Origin.of(url);
        return url;
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the password that may stand in it.
    }
    throw new IllegalArgumentException(
        name + " is no proxy that can be used; write http://HOST:PORT, or unset it");
  }

  Optional<URI> of(Origin origin) {
    return direct.stream().anyMatch(name -> covers(name, origin))
        ? Optional.empty()
        : origin.secure() ? https : http;
  }

  private static boolean covers(String entry, Origin origin) {
    if (entry.equals("*") || Spelling.of(entry).equals(origin.host())) {
      return true;
    }
    if (AddressBlock.parse(entry).filter(block -> block.contains(origin.host())).isPresent()) {
      return true;
    }
    String name = entry;
    String port = ":" + origin.port();
    if (name.endsWith(port)) {
      name = name.substring(0, name.length() - port.length());
    }
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    name = name.startsWith("*.") ? name.substring(2) : name;
    name = Spelling.of(name.startsWith(".") ? name.substring(1) : name);
    return !name.isEmpty() && (origin.host().equals(name) || origin.host().endsWith("." + name));
  }
}
