package io.divvy.node.download;

import io.divvy.node.download.fetch.Facts;
import io.divvy.node.download.fetch.Target;
import io.divvy.node.download.place.Part;
import io.divvy.node.download.place.StoreException;
import io.divvy.node.download.place.Validator;
import io.divvy.node.download.transfer.Fetcher.Control;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Lets a temporary file grow by what is fetched, and tells how far it is. */
final class PartTarget implements Target {

  private final Part part;
  private final Control control;

  PartTarget(Part part, Control control) {
    this.part = part;
    this.control = control;
  }

  /** Something the disk does. */
  private interface Doing {
    void done() throws IOException;
  }

  private static void stored(Doing doing) throws IOException {
    try {
      doing.done();
    } catch (StoreException e) {
      throw e.trouble() == StoreException.Trouble.DISK_FULL
          ? new FullException(String.valueOf(e.getMessage()), e)
          : e;
    }
  }

  @Override
  public Optional<Partial> partial() {
    return part.resumable()
        .map(
            known ->
                new Partial(
                    part.length(),
                    known.length(),
                    known.etag().or(known::lastModified).orElse(""),
                    URI.create(known.finalUrl())))
        .filter(partial -> !partial.validator().isEmpty());
  }

  @Override
  public OutputStream begin(Facts facts) throws IOException {
    stored(() -> part.restart(facts.validator().map(validator -> validator(validator, facts))));
    return growing(facts);
  }

  @Override
  public OutputStream resume(Facts facts) throws IOException {
    stored(part::resume);
    return growing(facts);
  }

  /** An entity tag stands in quotes, a date never does. */
  private static Validator validator(String text, Facts facts) {
    boolean tag = text.endsWith("\"");
    return new Validator(
        tag ? Optional.of(text) : Optional.empty(),
        tag ? Optional.empty() : Optional.of(text),
        facts.finalUrl().toString(),
        facts.length());
  }

  private OutputStream growing(Facts facts) throws IOException {
    long length = facts.length().orElse(-1);
    if (length >= 0) {
      stored(() -> part.expect(length));
    }
    control.moved(part.length(), length);
    return new OutputStream() {
      @Override
      public void write(int single) throws IOException {
        write(new byte[] {(byte) single}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int count) throws IOException {
        try {
          control.take(count);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("cancelled");
        }
        stored(() -> part.append(ByteBuffer.wrap(bytes, offset, count)));
        control.moved(part.length(), length);
      }
    };
  }
}
