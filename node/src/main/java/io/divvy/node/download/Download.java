package io.divvy.node.download;

import io.divvy.coordinator.download.DownloadCoordinator.Ends;
import io.divvy.node.download.list.UrlList;
import io.divvy.node.download.manifest.Manifest;
import io.divvy.node.download.place.SharedFolder;
import io.divvy.node.download.place.Store;
import io.divvy.node.input.UsageException;
import io.divvy.protocol.DownloadSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A list on its way into a folder, on the command's machine: all that is open while it lasts. */
public final class Download implements AutoCloseable {

  private final Manner manner;
  private final FetchOptions options;
  private final Store store;
  private final Manifest manifest;
  private final SharedFolder token;
  private final ListSource source;
  private final ManifestSink sink;
  private final Digests digests = new Digests();
  private boolean finished;

  private Download(
      UrlList list,
      Manner manner,
      FetchOptions options,
      Store store,
      Manifest manifest,
      SharedFolder token) {
    this.manner = manner;
    this.options = options;
    this.store = store;
    this.manifest = manifest;
    this.token = token;
    this.source = new ListSource(list, manner, store, manifest, digests);
    this.sink = new ManifestSink(source, manifest, digests, System::nanoTime);
  }

  /**
   * Opens the folder and its manifest.
   *
   * @throws UsageException when nothing can be put there, or another run works on it
   */
  public static Download open(UrlList list, Manner manner, FetchOptions options)
      throws UsageException, IOException {
    Store store = Store.open(manner.to(), options.minFree());
    boolean open = false;
    try {
      Manifest manifest = Manifest.open(store);
      try {
        if (manner.again() == Manner.Again.ALL) {
          store.sweep(key -> false);
        }
        SharedFolder token = SharedFolder.write(store);
        open = true;
        return new Download(list, manner, options, store, manifest, token);
      } finally {
        if (!open) {
          manifest.close();
        }
      }
    } finally {
      if (!open) {
        store.close();
      }
    }
  }

  /** What nodes are told of it. */
  public DownloadSpec spec() {
    return new DownloadSpec(
        store.dir().toString(), token.token(), manner.collect(), options.toMap());
  }

  /** Where items come from, and where what became of them goes. */
  public Ends ends() {
    return new Ends(source, sink, new Collecting(store));
  }

  /** Where files go, by its real path. */
  public Path folder() {
    return store.dir();
  }

  /** What was wrong with the manifest as it was found, to be told. */
  public List<String> damage() {
    return manifest.damage();
  }

  /** The first failures. */
  public List<Failure> failures() {
    return sink.failures();
  }

  /** How many lines of the list repeated others. */
  public long duplicates() {
    return source.duplicates();
  }

  /** How many items were not tried, since only what failed before was asked for. */
  public long leftOut() {
    return source.leftOut();
  }

  /** The digest of all files that are there. */
  public String digest() {
    return digests.digest();
  }

  /**
   * Puts all in order: the manifest has one line for each URL then.
   *
   * @param ended whether the run went to its end: then no later one goes on with half a file
   */
  public void finish(boolean ended) throws IOException {
    finished = true;
    if (ended) {
      store.sweep(key -> false);
    }
    manifest.finish(manner.manifest());
  }

  @Override
  public void close() throws IOException {
    try {
      token.close();
      if (!finished) {
        manifest.sync();
      }
    } finally {
      try {
        manifest.close();
      } finally {
        store.close();
      }
    }
  }
}
