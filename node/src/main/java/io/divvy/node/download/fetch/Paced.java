package io.divvy.node.download.fetch;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Takes bytes from the network no faster than is allowed. */
final class Paced extends FilterInputStream {
  private final Throttle throttle;
  private final Stop stop;

  Paced(InputStream input, Throttle throttle, Stop stop) {
    super(input);
    this.throttle = throttle;
    this.stop = stop;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int count) throws IOException {
    int read = super.read(bytes, from, Math.min(count, throttle.atOnce()));
    if (read > 0) {
      stop.pause(throttle.taken(read));
    }
    return read;
  }
}
