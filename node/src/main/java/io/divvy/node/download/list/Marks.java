package io.divvy.node.download.list;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * A table from marks to numbers from 0: three longs an entry and no objects, 28 to 43 bytes an
 * entry while it grows. Not for several threads.
 */
public final class Marks {

  /** What {@link #get} answers for a mark that is not there. */
  public static final long ABSENT = -1;

  private static final int SMALLEST = 16;
  private static final int WIDTH = 3;

  // Entry i is high, low, value from 3i on; a value below 0 says that the place is free.
  private long[] entries = free(SMALLEST);
  private int places = SMALLEST;
  private int size;

  /** How many marks there are. */
  public int size() {
    return size;
  }

  /** The number of a mark, or {@link #ABSENT}. */
  public long get(Mark mark) {
    return entries[WIDTH * place(mark.high(), mark.low()) + 2];
  }

  /** Gives a mark its number, in place of the one it had. */
  public void put(Mark mark, long value) {
    if (value < 0) {
      throw new IllegalArgumentException("numbers start at 0, got " + value);
    }
    set(mark.high(), mark.low(), value);
    if (size > places / 20 * 17) {
      grow();
    }
  }

  /** Hears every number, in no order. */
  public void forEach(LongConsumer consumer) {
    for (int i = 2; i < entries.length; i += WIDTH) {
      if (entries[i] >= 0) {
        consumer.accept(entries[i]);
      }
    }
  }

  /** Forgets all marks. */
  public void clear() {
    entries = free(SMALLEST);
    places = SMALLEST;
    size = 0;
  }

  private void set(long high, long low, long value) {
    int at = WIDTH * place(high, low);
    if (entries[at + 2] < 0) {
      size++;
    }
    entries[at] = high;
    entries[at + 1] = low;
    entries[at + 2] = value;
  }

  // Where the mark is, or the free place where it would go. Marks are random bits: they need no
  // mixing, and their neighbours are as good as any second choice.
  private int place(long high, long low) {
    int place = (int) (((high >>> 32) * places) >>> 32);
    while (entries[WIDTH * place + 2] >= 0
        && (entries[WIDTH * place] != high || entries[WIDTH * place + 1] != low)) {
      place = place + 1 == places ? 0 : place + 1;
    }
    return place;
  }

  // By half, not to the double: the old and the new are there at the same time.
  private void grow() {
    long[] old = entries;
    places = Math.addExact(places, Math.max(places / 2, SMALLEST));
    entries = free(places);
    size = 0;
    for (int i = 0; i < old.length; i += WIDTH) {
      if (old[i + 2] >= 0) {
        set(old[i], old[i + 1], old[i + 2]);
      }
    }
  }

  private static long[] free(int places) {
    long[] entries = new long[Math.multiplyExact(places, WIDTH)];
    Arrays.fill(entries, ABSENT);
    return entries;
  }
}
