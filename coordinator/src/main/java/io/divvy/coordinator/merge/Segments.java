package io.divvy.coordinator.merge;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files for what must wait. Bytes are appended in runs, and each run is read once; a file is closed
 * as soon as all its runs were read.
 *
 * <p>Files are opened with DELETE_ON_CLOSE, which on POSIX removes the name at once: nothing is
 * left behind, however this JVM ends.
 */
final class Segments implements Closeable {

  /** The JDK keeps a direct buffer as large as the largest transfer; this bounds it. */
  private static final int TRANSFER = 1 << 16;

  private final Path directory;
  private final long segmentBytes;
  private final Set<Segment> open = new LinkedHashSet<>();
  private @Nullable Segment last;

  Segments(Path directory, long segmentBytes) {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
  }

  /** Where a run is. */
  record Place(Segment segment, long offset, long length) {}

  private static final class Segment {
    private final Path path;
    private final FileChannel channel;
    private long written;
    private long unread;

    Segment(Path path, FileChannel channel) {
      this.path = path;
      this.channel = channel;
    }
  }

  /** Begins a run; the one before must have ended. */
  Writer writer() throws IOException {
    Segment segment = last;
    if (segment == null || segment.written >= segmentBytes) {
      segment = create();
      last = segment;
      open.add(segment);
    }
    return new Writer(segment);
  }

  /** Reads the run at {@code place} from its beginning. */
  Reader reader(Place place) {
    return new Reader(place);
  }

  /** How many files are open. */
  int files() {
    return open.size();
  }

  /** How many bytes wait to be read. */
  long unread() {
    return open.stream().mapToLong(segment -> segment.unread).sum();
  }

  @Override
  public void close() throws IOException {
    for (Segment segment : Set.copyOf(open)) {
      forget(segment);
    }
  }

  private void forget(Segment segment) throws IOException {
    open.remove(segment);
    if (segment == last) {
      last = null;
    }
    segment.channel.close();
  }

  private Segment create() throws IOException {
    try {
      Files.createDirectories(directory);
      Path path = Files.createTempFile(directory, "segment-", ".tmp");
      return new Segment(
          path,
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE));
    } catch (IOException e) {
      throw new IOException(
          "cannot create a segment file in %s: %s; choose a folder that can be written"
              .formatted(directory, e),
          e);
    }
  }

  /** Appends one run to a file. */
  final class Writer {
    private final Segment segment;
    private final long start;
    private final ByteBuffer pending = ByteBuffer.allocate(TRANSFER);

    private Writer(Segment segment) {
      this.segment = segment;
      this.start = segment.written;
    }

    /** Whether the file has its size; a run should end here. */
    boolean full() {
      return segment.written + pending.position() >= segmentBytes;
    }

    void write(byte[] bytes) throws IOException {
      for (int done = 0; done < bytes.length; ) {
        int length = Math.min(pending.remaining(), bytes.length - done);
        pending.put(bytes, done, length);
        done += length;
        if (!pending.hasRemaining()) {
          flush();
        }
      }
    }

    /** Ends the run. */
    Place end() throws IOException {
      flush();
      long length = segment.written - start;
      segment.unread += length;
      return new Place(segment, start, length);
    }

    private void flush() throws IOException {
      pending.flip();
      try {
        while (pending.hasRemaining()) {
          segment.written += segment.channel.write(pending, segment.written);
        }
      } catch (IOException e) {
        throw new IOException(
            "cannot write the segment file %s: %s; make room there or choose another folder"
                .formatted(segment.path, e.getMessage()),
            e);
      }
      pending.clear();
    }
  }

  /** Reads one run. */
  final class Reader {
    private final Place place;
    private final ByteBuffer ahead = ByteBuffer.allocate(TRANSFER).limit(0);
    private long fetched;

    private Reader(Place place) {
      this.place = place;
    }

    boolean hasMore() {
      return fetched < place.length() || ahead.hasRemaining();
    }

    byte[] read(int length) throws IOException {
      byte[] bytes = new byte[length];
      for (int done = 0; done < length; ) {
        if (!ahead.hasRemaining()) {
          fetch();
        }
        int taken = Math.min(ahead.remaining(), length - done);
        ahead.get(bytes, done, taken);
        done += taken;
      }
      return bytes;
    }

    /** The run was read; its file may be closed. */
    void end() throws IOException {
      Segment segment = place.segment();
      segment.unread -= place.length();
      if (segment.unread == 0) {
        forget(segment);
      }
    }

    private void fetch() throws IOException {
      Segment segment = place.segment();
      ahead.clear();
      ahead.limit((int) Math.min(ahead.capacity(), place.length() - fetched));
      int read;
      try {
        read = segment.channel.read(ahead, place.offset() + fetched);
      } catch (IOException e) {
        throw new IOException(
            "cannot read the segment file %s: %s".formatted(segment.path, e.getMessage()), e);
      }
      if (read <= 0) {
        throw new IOException("the segment file %s was cut short".formatted(segment.path));
      }
      fetched += read;
      ahead.flip();
    }
  }
}
