package io.divvy.node.cli;

import io.divvy.node.compare.download.DownloadTask;
import io.divvy.node.compare.download.ImageServer;
import io.divvy.node.compare.download.Offer;
import io.divvy.node.download.list.UrlList;
import io.divvy.node.input.UsageException;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** A list that is read once in each round, and what has to be there as long as it is. */
record ManyReadings(DownloadTask.Urls urls, Closeable kept) implements AutoCloseable {

  private static final String HERE = "127.0.0.1";

  /**
   * The images of a server of our own.
   *
   * @param host the address at which nodes reach this command, when it is not loopback
   */
  static ManyReadings served(Offer offer, Optional<String> host) throws IOException {
    ImageServer server = ImageServer.start(offer, InetAddress.getByName(host.orElse(HERE)));
    byte[] lines = server.list().getBytes(StandardCharsets.UTF_8);
    return new ManyReadings(() -> new UrlList(new ByteArrayInputStream(lines)), server);
  }

  /**
   * A file; what comes by stdin is kept in one, for it comes only once.
   *
   * @throws UsageException when there is nothing to fetch
   */
  static ManyReadings of(String list, InputStream standardInput)
      throws UsageException, IOException {
    boolean piped = list.equals("-");
    String name = piped ? copied(standardInput).toString() : list;
    ManyReadings readings =
        new ManyReadings(
            () -> UrlList.open(name, standardInput),
            () -> {
              if (piped) {
                Files.deleteIfExists(Path.of(name));
              }
            });
    boolean some = false;
    try (UrlList urls = readings.urls().open()) {
      urls.requireSome(list);
      some = true;
      return readings;
    } finally {
      if (!some) {
        readings.close();
      }
    }
  }

  private static Path copied(InputStream input) throws IOException {
    Path file = Files.createTempFile("divvy-list", ".txt");
    Files.copy(input, file, StandardCopyOption.REPLACE_EXISTING);
    return file;
  }

  @Override
  public void close() throws IOException {
    kept.close();
  }
}
