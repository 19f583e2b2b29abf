package io.divvy.node.download.fetch;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/** What the headers of one answer say. */
final class Head {
  private static final Pattern STRONG_TAG =
      Pattern.compile("\"[\\x21\\x23-\\x7e\\x{80}-\\x{ff}]*\"");

  private final ClassicHttpResponse answer;
  private final URI url;

  Head(ClassicHttpResponse answer, URI url) {
    this.answer = answer;
    this.url = url;
  }

  int status() {
    return answer.getCode();
  }

  String statusLine() {
    String reason = answer.getReasonPhrase();
    return status() + (reason == null || reason.isBlank() ? "" : " " + Texts.clean(reason));
  }

  Optional<String> location() {
    return header("Location");
  }

  Optional<Duration> retryAfter() {
    return header("Retry-After").flatMap(text -> Dates.retryAfter(text, date(), Instant.now()));
  }

  Optional<ContentRange> contentRange() {
    return answer.getHeaders("Content-Range").length == 1
        ? header("Content-Range").flatMap(ContentRange::parse)
        : Optional.empty();
  }

  Coding coding() throws Refusal {
    StringBuilder all = new StringBuilder();
    for (Header header : answer.getHeaders("Content-Encoding")) {
      all.append(all.isEmpty() ? "" : ", ").append(header.getValue());
    }
    return Coding.of(all.toString(), url, header("Content-Type").orElse(""));
  }

  /** Whether it may go on with what came with {@code validator}. */
  boolean names(String validator) {
    Optional<String> tag = header("ETag");
    Optional<String> changed = header("Last-Modified");
    return validator.startsWith("\"")
        ? tag.equals(Optional.of(validator))
        : changed.isEmpty() || changed.equals(Optional.of(validator));
  }

  /** What names this state of the file, byte for byte. */
  private Optional<String> validator() {
    Optional<String> tag = header("ETag");
    if (tag.isPresent()) {
      return tag.filter(text -> STRONG_TAG.matcher(text).matches());
    }
    return header("Last-Modified")
        .filter(
            text ->
                Dates.parse(text).filter(changed -> Dates.settled(changed, date())).isPresent());
  }

  /** Of a file that is stored as it comes. */
  Facts facts(OptionalLong length) {
    return facts(length, validator());
  }

  /** Of a file that is unpacked: where to go on in the packed one is not known. */
  Facts unpackedFacts() {
    return facts(OptionalLong.empty(), Optional.empty());
  }

  private Facts facts(OptionalLong length, Optional<String> validator) {
    return new Facts(
        status(),
        url,
        length,
        validator,
        header("Content-Type").map(Texts::clean),
        header("Content-Disposition").flatMap(text -> Disposition.fileName(utf8(text))));
  }

  private Optional<Instant> date() {
    return header("Date").flatMap(Dates::parse);
  }

  private Optional<String> header(String name) {
    @Nullable Header header = answer.getFirstHeader(name);
    return header == null
        ? Optional.empty()
        : Optional.ofNullable(header.getValue()).map(String::strip);
  }

  /** Headers are read as ISO 8859-1, but many a server writes UTF-8. */
  private static String utf8(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return text;
    }
  }
}
