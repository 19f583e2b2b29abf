package io.divvy.node.download.fetch;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * How a body is packed for the way. None is asked for; a server that packs all the same is
 * understood.
 */
enum Coding {
  NONE {
    @Override
    InputStream undone(InputStream packed) {
      return packed;
    }
  },
  GZIP {
    @Override
    InputStream undone(InputStream packed) throws IOException {
      Rest rest = new Rest(packed);
      return new Unpacked(rest, new GZIPInputStream(rest, BUFFER));
    }
  },
  DEFLATE {
    @Override
    InputStream undone(InputStream packed) throws IOException {
      BufferedInputStream looked = new BufferedInputStream(packed, BUFFER);
      looked.mark(2);
      int first = looked.read();
      int second = looked.read();
      looked.reset();
      // Some servers leave out the wrapping of zlib that the name stands for.
      boolean wrapped = (first & 0x0f) == 8 && (first << 8 | second) % 31 == 0;
      Rest rest = new Rest(looked);
      return new Unpacked(rest, new InflaterInputStream(rest, new Inflater(!wrapped), BUFFER));
    }
  };

  private static final int BUFFER = 16 << 10;
  private static final Set<String> PACKED_TYPES =
      Set.of("application/gzip", "application/x-gzip", "application/x-gtar-compressed");

  /** The bytes that were meant. */
  abstract InputStream undone(InputStream packed) throws IOException;

  /** That of an answer to {@code url}; a file that is packed itself is left as it is. */
  static Coding of(String header, URI url, String contentType) throws Refusal {
    Coding coding =
        switch (header.strip().toLowerCase(Locale.ROOT)) {
          case "", "identity" -> NONE;
          case "gzip", "x-gzip" -> GZIP;
          case "deflate" -> DEFLATE;
          default ->
              throw new Refusal(
                  Cause.BAD_ENCODING, "unknown Content-Encoding " + Texts.clean(header.strip()));
        };
    return coding == GZIP && packedItself(url, contentType) ? NONE : coding;
  }

  private static boolean packedItself(URI url, String contentType) {
    String path = url.getRawPath() == null ? "" : url.getRawPath().toLowerCase(Locale.ROOT);
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return path.endsWith(".gz")
        || path.endsWith(".tgz")
        || path.endsWith(".svgz")
        || PACKED_TYPES.contains(type);
  }

  /**
   * The packed bytes. {@link GZIPInputStream} looks for a further member only if there is something
   * {@link #available}, and takes a broken connection in front of it for the end; so here available
   * means that the end was not reached, and what went wrong goes wrong again.
   */
  private static final class Rest extends InputStream {
    private static final int NOTHING = -2;

    private final InputStream packed;
    private int ahead = NOTHING;
    private @Nullable IOException broken;

    Rest(InputStream packed) {
      this.packed = packed;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      if (count == 0) {
        return 0;
      }
      if (ahead != NOTHING) {
        if (ahead < 0) {
          return -1;
        }
        bytes[from] = (byte) ahead;
        ahead = NOTHING;
        return 1;
      }
      return taken(bytes, from, count);
    }

    private int taken(byte[] bytes, int from, int count) throws IOException {
      if (broken != null) {
        throw broken;
      }
      try {
        int read = packed.read(bytes, from, count);
        if (read < 0) {
          ahead = -1;
        }
        return read;
      } catch (IOException e) {
        broken = e;
        throw e;
      }
    }

    @Override
    public int available() throws IOException {
      if (ahead == NOTHING) {
        byte[] one = new byte[1];
        ahead = taken(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }
      return ahead < 0 ? 0 : 1;
    }

    /** Reads on to the end, where the connection checks that it is one. */
    void drain() throws IOException {
      byte[] bytes = new byte[BUFFER];
      while (read(bytes, 0, bytes.length) >= 0) {
        // What follows the packed data is nobody's.
      }
    }
  }

  /** The unpacked bytes; at their end the packed ones have to end well too. */
  private static final class Unpacked extends InputStream {
    private final Rest rest;
    private final InputStream unpacking;

    Unpacked(Rest rest, InputStream unpacking) {
      this.rest = rest;
      this.unpacking = unpacking;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      try {
        int read = unpacking.read(bytes, from, count);
        if (read < 0) {
          rest.drain();
        }
        return read;
      } catch (ZipException | EOFException e) {
        rest.drain();
        throw new Refusal(
            Cause.BAD_ENCODING, "content encoding cannot be undone: " + e.getMessage());
      }
    }

    @Override
    public void close() throws IOException {
      unpacking.close();
    }
  }
}
