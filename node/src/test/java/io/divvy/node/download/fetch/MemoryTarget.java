package io.divvy.node.download.fetch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps the bytes of one URL in memory, and what is there of it over several attempts. */
final class MemoryTarget implements Target {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private @Nullable Facts facts;
  private int begun;
  private int resumed;

  @Override
  public Optional<Partial> partial() {
    Facts known = facts;
    return known == null
        ? Optional.empty()
        : known
            .validator()
            .map(
                validator ->
                    new Partial(bytes.size(), known.length(), validator, known.finalUrl()));
  }

  @Override
  public OutputStream begin(Facts said) throws IOException {
    facts = said;
    begun++;
    bytes.reset();
    return bytes;
  }

  @Override
  public OutputStream resume(Facts said) throws IOException {
    facts = said;
    resumed++;
    return bytes;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  int begun() {
    return begun;
  }

  int resumed() {
    return resumed;
  }
}
