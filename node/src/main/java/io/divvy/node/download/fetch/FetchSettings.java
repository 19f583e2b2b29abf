package io.divvy.node.download.fetch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How files are fetched.
 *
 * @param connections how many there are at most at once
 * @param connect how long it may take to find a host's addresses, and to connect to one
 * @param stall how long no byte may come
 * @param whole how long a file may take, from the first redirect on
 * @param maxFileSize in bytes, after undoing the encoding
 * @param ca certificates in PEM that are trusted beside the JDK's
 */
public record FetchSettings(
    int connections,
    Duration connect,
    Duration stall,
    Duration whole,
    long maxFileSize,
    String userAgent,
    List<RequestHeader> headers,
    Optional<Path> ca,
    Proxies proxies) {

  public FetchSettings {
    if (connections < 1) {
      throw new IllegalArgumentException("connections must be at least 1, got " + connections);
    }
    headers = List.copyOf(headers);
  }

  /** What applies unless the user says otherwise; a file may take as long as bytes come. */
  public static FetchSettings standard(String userAgent) {
    return new FetchSettings(
        16,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofDays(365),
        Long.MAX_VALUE,
        userAgent,
        List.of(),
        Optional.empty(),
        Proxies.NONE);
  }

  public FetchSettings withConnections(int number) {
    return new FetchSettings(
        number, connect, stall, whole, maxFileSize, userAgent, headers, ca, proxies);
  }

  public FetchSettings withLimits(Duration connecting, Duration stalling, Duration inAll) {
    return new FetchSettings(
        connections, connecting, stalling, inAll, maxFileSize, userAgent, headers, ca, proxies);
  }

  public FetchSettings withMaxFileSize(long bytes) {
    return new FetchSettings(
        connections, connect, stall, whole, bytes, userAgent, headers, ca, proxies);
  }

  public FetchSettings withHeaders(List<RequestHeader> added) {
    return new FetchSettings(
        connections, connect, stall, whole, maxFileSize, userAgent, added, ca, proxies);
  }

  public FetchSettings withCa(Path file) {
    return new FetchSettings(
        connections,
        connect,
        stall,
        whole,
        maxFileSize,
        userAgent,
        headers,
        Optional.of(file),
        proxies);
  }

  public FetchSettings withProxies(Proxies through) {
    return new FetchSettings(
        connections, connect, stall, whole, maxFileSize, userAgent, headers, ca, through);
  }
}
