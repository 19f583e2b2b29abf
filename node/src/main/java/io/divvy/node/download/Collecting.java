package io.divvy.node.download;

import io.divvy.coordinator.download.Entry;
import io.divvy.coordinator.download.Receiver;
import io.divvy.node.download.place.Incoming;
import io.divvy.node.download.place.Placed;
import io.divvy.node.download.place.Store;
import io.divvy.node.download.place.StoreException;
import io.divvy.protocol.Tried;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Takes the files that nodes stream back, and puts them into DIR. */
final class Collecting implements Receiver {

  private final Store store;
  private final Map<Long, Incoming> files = new HashMap<>();

  Collecting(Store store) {
    this.store = store;
  }

  @Override
  public void write(long attempt, Entry.Wanted entry, long offset, byte[] bytes)
      throws IOException {
    file(attempt, entry).append(offset, ByteBuffer.wrap(bytes));
  }

  @Override
  public Tried complete(long attempt, Entry.Wanted entry, Tried.Ok ok) throws IOException {
    try {
      Placed placed =
          file(attempt, entry)
              .finish(
                  NodeFetcher.name(entry.name()),
                  Optional.ofNullable(ok.contentType()),
                  ok.bytes(),
                  ok.sha256());
      return new Tried.Ok(
          placed.file(),
          placed.bytes(),
          placed.sha256(),
          ok.httpStatus(),
          ok.finalUrl(),
          ok.seconds(),
          ok.contentType());
    } catch (StoreException e) {
      return NodeFetcher.broken(e, ok.seconds());
    } finally {
      drop(attempt);
    }
  }

  @Override
  public void drop(long attempt) throws IOException {
    Incoming file = files.remove(attempt);
    if (file != null) {
      file.close();
    }
  }

  private Incoming file(long attempt, Entry.Wanted entry) throws StoreException {
    Incoming file = files.get(attempt);
    if (file == null) {
      file = store.incoming(NodeFetcher.key(entry.url(), entry.name()));
      files.put(attempt, file);
    }
    return file;
  }
}
