package io.divvy.node.download.fetch;

import io.divvy.node.download.fetch.Target.Partial;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which bytes of how many an answer has, both ends included. */
record ContentRange(long first, long last, long length) {
  private static final Pattern FORM =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})", Pattern.CASE_INSENSITIVE);

  /** Reads the header; one that leaves the length open proves nothing and is as good as none. */
  static Optional<ContentRange> parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    return form.matches()
        ? Optional.of(
            new ContentRange(
                Long.parseLong(form.group(1)),
                Long.parseLong(form.group(2)),
                Long.parseLong(form.group(3))))
        : Optional.empty();
  }

  /** Whether it is just what is missing. */
  boolean completes(Partial partial) {
    return first == partial.bytes()
        && last >= first
        && last == length - 1
        && (partial.length().isEmpty() || partial.length().getAsLong() == length);
  }

  long bytes() {
    return last - first + 1;
  }
}
