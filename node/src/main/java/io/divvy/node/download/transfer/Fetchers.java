package io.divvy.node.download.transfer;

import io.divvy.protocol.DownloadSpec;
import io.divvy.protocol.RunKey;
import java.io.IOException;

/** Makes what fetches the files of a download; may block. */
public interface Fetchers {

  /**
   * What fetches the files of one download on this node.
   *
   * @throws IOException with one line that says why there is none
   */
  Fetcher open(RunKey run, DownloadSpec download) throws IOException;
}
