package io.divvy.node.download.list;

import java.net.URI;
import java.util.Optional;

/** What a line of the list says. Blank lines and comments say nothing. */
public sealed interface Line {

  /** The number of the line, from 1. */
  int line();

  /**
   * A file to fetch.
   *
   * @param index which item of the list it is, from 0; failed lines count, duplicates do not
   * @param url as {@link Urls#parse} leaves it
   * @param out the name that the list asks for
   * @param sha256 what the file must hash to, in lower case
   */
  record Wanted(long index, int line, URI url, Optional<String> out, Optional<String> sha256)
      implements Line {

    /** What tells this item apart from all others: a duplicate has the same. */
    public Mark mark() {
      return Mark.of(url.toString(), out.orElse(""), sha256.orElse(""));
    }
  }

  /**
   * An item that has failed before it began.
   *
   * @param text the line, cut short and without control characters
   * @param why what is wrong with it and what to do
   */
  record Bad(long index, int line, String text, String why) implements Line {}

  /**
   * The same once more: it is fetched once.
   *
   * @param of the index of the item that it repeats
   */
  record Duplicate(int line, URI url, long of) implements Line {}
}
