package io.divvy.coordinator.download;

import java.io.IOException;
import java.util.List;

/** The list, read as it is needed. Called by one thread, which may be kept waiting. */
public interface Source {

  /**
   * The next lines, in order.
   *
   * @param most how many at most; fewer are fine
   * @return empty at the end of the list only
   */
  List<Entry> next(int most) throws IOException;
}
