package io.divvy.coordinator.journal;

import io.divvy.protocol.Interval;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** How heads and entries are written as bytes: numbers big-endian, text as UTF-8. */
final class Form {

  /** Raised when an older program could misread what a newer one writes. */
  static final int VERSION = 1;

  private static final int BEGUN = 1;
  private static final int ACCEPTED = 2;
  private static final int FAILED = 3;
  private static final int FINISHED = 4;

  private Form() {}

  static byte[] bytes(Head head) {
    return written(
        out -> {
          out.writeInt(VERSION);
          text(out, head.run());
          text(out, head.kind());
          text(out, head.fingerprint());
          out.writeInt(head.parameters().size());
          for (String name : head.parameters().keySet()) {
            text(out, name);
            text(out, head.parameters().getOrDefault(name, ""));
          }
          out.writeLong(head.first());
          out.writeLong(head.step());
          out.writeLong(head.count());
          text(out, head.input());
          out.writeBoolean(head.automatic());
          text(out, head.job());
        });
  }

  static Head head(byte[] bytes) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int version = in.readInt();
      if (version != VERSION) {
        throw new IOException(
            "its format is version %d, this program knows %d".formatted(version, VERSION));
      }
      String run = text(in);
      String kind = text(in);
      String fingerprint = text(in);
      TreeMap<String, String> parameters = new TreeMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        String name = text(in);
        parameters.put(name, text(in));
      }
      Head head =
          new Head(
              run,
              kind,
              fingerprint,
              parameters,
              in.readLong(),
              in.readLong(),
              in.readLong(),
              text(in),
              in.readBoolean());
      if (!text(in).equals(head.job())) {
        throw new IOException("its head contradicts itself");
      }
      return head;
    }
  }

  static byte[] bytes(List<Entry> entries) {
    return written(
        out -> {
          for (Entry entry : entries) {
            write(out, entry);
          }
        });
  }

  static List<Entry> entries(byte[] bytes) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      while (in.available() > 0) {
        entries.add(entry(in));
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    return entries;
  }

  /** About how many bytes an entry takes. */
  static long size(Entry entry) {
    if (entry instanceof Entry.Accepted accepted) {
      return 64L + accepted.payload().length;
    }
    if (entry instanceof Entry.Failed failed) {
      return 32L + failed.message().length() + failed.stackTrace().length();
    }
    return 32;
  }

  private static void write(DataOutputStream out, Entry entry) throws IOException {
    if (entry instanceof Entry.Begun begun) {
      out.writeByte(BEGUN);
      out.writeInt(begun.epoch());
      out.writeLong(begun.pid());
      out.writeLong(begun.atMillis());
    } else if (entry instanceof Entry.Accepted accepted) {
      out.writeByte(ACCEPTED);
      out.writeLong(accepted.interval().from());
      out.writeLong(accepted.interval().to());
      text(out, accepted.node());
      out.writeInt(accepted.worker());
      out.writeInt(accepted.payload().length);
      out.write(accepted.payload());
    } else if (entry instanceof Entry.Failed failed) {
      out.writeByte(FAILED);
      out.writeLong(failed.index());
      text(out, failed.message());
      text(out, failed.stackTrace());
    } else if (entry instanceof Entry.Finished finished) {
      out.writeByte(FINISHED);
      text(out, finished.status());
    } else {
      throw new IllegalStateException("an entry of an unknown type: " + entry);
    }
  }

  private static Entry entry(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    return switch (type) {
      case BEGUN -> new Entry.Begun(in.readInt(), in.readLong(), in.readLong());
      case ACCEPTED -> {
        Interval interval = new Interval(in.readLong(), in.readLong());
        String node = text(in);
        int worker = in.readInt();
        yield new Entry.Accepted(interval, blob(in), node, worker);
      }
      case FAILED -> new Entry.Failed(in.readLong(), text(in), text(in));
      case FINISHED -> new Entry.Finished(text(in));
      default -> throw new IOException("an entry of the unknown type " + type);
    };
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(blob(in), StandardCharsets.UTF_8);
  }

  private static byte[] blob(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("an entry names " + length + " bytes that are not there");
    }
    return in.readNBytes(length);
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }
}
