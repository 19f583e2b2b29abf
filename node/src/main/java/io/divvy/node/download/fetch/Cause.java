package io.divvy.node.download.fetch;

/** Why a URL was not fetched; the summary of a run groups by it. */
public enum Cause {
  NAME_NOT_RESOLVED("name not resolved", true),
  CONNECTION_REFUSED("connection refused", true),
  UNREACHABLE("host not reachable", true),
  CONNECT_TIMEOUT("timed out connecting", true),
  CONNECTION_RESET("connection reset", true),
  CLOSED_WITHOUT_ANSWER("closed without an answer", true),
  STALLED("stalled", true),
  TOOK_TOO_LONG("took too long", true),
  BODY_TOO_SHORT("body too short", true),
  BODY_TOO_LONG("body too long", true),
  HTTP_STATUS("refused by the server", false),
  BAD_ANSWER("answer breaks the rules of HTTP", false),
  BAD_FRAMING("body framed wrongly", false),
  BAD_ENCODING("content encoding cannot be undone", false),
  TOO_LARGE("larger than allowed", false),
  TLS_NOT_VERIFIED("certificate not verified", false),
  TLS_FAILED("TLS failed", false),
  REDIRECT_REFUSED("redirect refused", false),
  REDIRECT_LOOP("redirect loop", false),
  TOO_MANY_REDIRECTS("too many redirects", false),
  BAD_URL("URL cannot be fetched", false),
  DISK_FULL("disk full", false),
  NOT_WRITTEN("file cannot be written", false),
  CANCELLED("cancelled", false);

  private final String words;
  private final boolean retryable;

  Cause(String words, boolean retryable) {
    this.words = words;
    this.retryable = retryable;
  }

  /** How it is told in a summary. */
  public String words() {
    return words;
  }

  /** Whether it may go well another time. With an HTTP status it depends on that. */
  boolean retryable() {
    return retryable;
  }
}
