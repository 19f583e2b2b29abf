package io.divvy.node.download;

import io.divvy.node.download.fetch.FetchSettings;
import io.divvy.node.download.fetch.Proxies;
import io.divvy.node.download.fetch.RequestHeader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How all files of a download are fetched and placed, wherever that happens: what the command line
 * says, as text that travels to nodes.
 *
 * @param connections how many transfers at most at once, over all nodes
 * @param whole how long a file may take; empty is as long as bytes come
 * @param maxFileSize in bytes
 * @param minFree how many bytes stay free on the disk
 * @param direct whether to pass by the proxies that an environment names
 * @param caPem certificates that are trusted beside the JDK's, in PEM
 */
public record FetchOptions(
    int connections,
    Duration connect,
    Duration stall,
    Optional<Duration> whole,
    long maxFileSize,
    long minFree,
    String userAgent,
    List<RequestHeader> headers,
    boolean direct,
    Optional<String> caPem) {

  private static final Duration EVER = Duration.ofDays(365);
  private static final String HEADER = "header.";

  public FetchOptions {
    headers = List.copyOf(headers);
  }

  /** As messages carry them. */
  public Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("connections", Integer.toString(connections));
    map.put("connect", connect.toString());
    map.put("stall", stall.toString());
    whole.ifPresent(time -> map.put("whole", time.toString()));
    map.put("maxFileSize", Long.toString(maxFileSize));
    map.put("minFree", Long.toString(minFree));
    map.put("userAgent", userAgent);
    map.put("direct", Boolean.toString(direct));
    caPem.ifPresent(pem -> map.put("ca", pem));
    for (int i = 0; i < headers.size(); i++) {
      map.put(HEADER + i, headers.get(i).name() + ": " + headers.get(i).value());
    }
    return map;
  }

  /**
   * What {@link #toMap} gave.
   *
   * @throws IllegalArgumentException when it was something else
   */
  public static FetchOptions of(Map<String, String> map) {
    List<RequestHeader> headers = new ArrayList<>();
    for (String line = map.get(HEADER + 0); line != null; ) {
      headers.add(RequestHeader.parse(line));
      line = map.get(HEADER + headers.size());
    }
    return new FetchOptions(
        Integer.parseInt(text(map, "connections")),
        Duration.parse(text(map, "connect")),
        Duration.parse(text(map, "stall")),
        Optional.ofNullable(map.get("whole")).map(Duration::parse),
        Long.parseLong(text(map, "maxFileSize")),
        Long.parseLong(text(map, "minFree")),
        text(map, "userAgent"),
        headers,
        Boolean.parseBoolean(text(map, "direct")),
        Optional.ofNullable(map.get("ca")));
  }

  private static String text(Map<String, String> map, String name) {
    String text = map.get(name);
    if (text == null) {
      throw new IllegalArgumentException("the download does not say its " + name);
    }
    return text;
  }

  /**
   * As the fetcher takes them.
   *
   * @param ca the file that holds {@link #caPem}
   */
  FetchSettings settings(Optional<Path> ca, Proxies proxies) {
    return new FetchSettings(
        connections,
        connect,
        stall,
        whole.orElse(EVER),
        maxFileSize,
        userAgent,
        headers,
        ca,
        direct ? Proxies.NONE : proxies);
  }
}
