package io.divvy.node.download;

import io.divvy.node.download.fetch.HttpFetcher;
import io.divvy.node.download.fetch.Proxies;
import io.divvy.node.download.place.SharedFolder;
import io.divvy.node.download.place.Store;
import io.divvy.node.download.transfer.Fetcher;
import io.divvy.node.download.transfer.Fetchers;
import io.divvy.node.input.UsageException;
import io.divvy.protocol.DownloadSpec;
import io.divvy.protocol.RunKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Opens on a node what fetches the files of a download: into DIR itself where the node sees the
 * command's DIR, or was told to keep its files; else into a folder that goes with the run, from
 * which they are streamed to the command.
 */
public final class Fetching implements Fetchers {

  private final Path scratch;
  private final Map<String, String> environment;

  /**
   * @param scratch where files wait to be streamed
   * @param environment of this process: it names the proxies
   */
  public Fetching(Path scratch, Map<String, String> environment) {
    this.scratch = scratch;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public Fetcher open(RunKey run, DownloadSpec download) throws IOException {
    try {
      FetchOptions options = FetchOptions.of(download.options());
      boolean shares = SharedFolder.sees(download.directory(), download.token());
      boolean streams = !shares && download.collect();
      Path folder =
          streams
              ? Files.createTempDirectory(scratch, "divvy-download")
              : Path.of(download.directory());
      Optional<Path> ca =
          options.caPem().isPresent() ? Optional.of(pem(options)) : Optional.empty();
      try {
        Store store = Store.open(folder, options.minFree());
        return new NodeFetcher(
            store,
            new HttpFetcher(options.settings(ca, Proxies.from(environment))),
            shares,
            streams);
      } finally {
        if (ca.isPresent()) {
          Files.delete(ca.get()); // the fetcher has read it
        }
      }
    } catch (UsageException | IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Path pem(FetchOptions options) throws IOException {
    Path file = Files.createTempFile(scratch, "divvy-ca", ".pem");
    Files.writeString(file, options.caPem().orElse(""));
    return file;
  }
}
