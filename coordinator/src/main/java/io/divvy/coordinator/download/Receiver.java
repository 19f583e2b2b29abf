package io.divvy.coordinator.download;

import io.divvy.protocol.Tried;
import java.io.IOException;

/**
 * Takes the files that nodes stream back. Called by one thread, which may be kept waiting; an
 * attempt ends with {@link #complete} or {@link #drop}.
 */
public interface Receiver {

  /** The next bytes of an attempt's file; the first call of an attempt begins the file. */
  void write(long attempt, Entry.Wanted entry, long offset, byte[] bytes) throws IOException;

  /**
   * All bytes are there: verifies them and puts the file in its place. An empty file comes without
   * any {@link #write}.
   *
   * @param ok what the node says of the file
   * @return what came of it here; the name may differ
   */
  Tried complete(long attempt, Entry.Wanted entry, Tried.Ok ok) throws IOException;

  /** Nothing more comes of this attempt; an unknown one is ignored. */
  void drop(long attempt) throws IOException;
}
