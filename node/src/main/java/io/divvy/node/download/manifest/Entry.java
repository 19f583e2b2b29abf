package io.divvy.node.download.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.divvy.node.download.list.Mark;
import io.divvy.node.download.place.Placed;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * One line of the manifest.
 *
 * @param url as it was asked for; of a line that is no URL, what it said
 * @param out the name that the list asked for
 * @param placed the file; absent when there is none
 * @param httpStatus of the last answer, if there was one
 * @param finalUrl where the last answer came from
 * @param seconds from the first attempt to the end
 * @param node who fetched it
 * @param error why there is no file, in one line
 * @param etag of the file, as the server wrote it
 * @param index which item of its list it was
 * @param line of the list
 */
public record Entry(
    String url,
    Optional<String> out,
    Optional<Placed> placed,
    OptionalInt httpStatus,
    Optional<String> finalUrl,
    int attempts,
    double seconds,
    Optional<String> node,
    Optional<String> error,
    Optional<String> etag,
    long index,
    int line) {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ObjectReader READER =
      MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Whether the file was there when this was written. */
  public boolean ok() {
    return placed.isPresent();
  }

  /** An item that failed before anything was asked for. */
  public static Entry refused(String url, Optional<String> out, String why, long index, int line) {
    return new Entry(
        url,
        out,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        0,
        0,
        Optional.empty(),
        Optional.of(why),
        Optional.empty(),
        index,
        line);
  }

  Mark key() {
    return key(url, out);
  }

  // Without the expected digest: who adds it to the list means the same file.
  static Mark key(String url, Optional<String> out) {
    return Mark.of(url, out.orElse(""));
  }

  /** One line of JSON, without its end. */
  String json() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("url", url);
    fields.put("status", ok() ? "ok" : "failed");
    fields.put("file", placed.map(Placed::file).orElse(null));
    fields.put("bytes", placed.map(Placed::bytes).orElse(null));
    fields.put("sha256", placed.map(Placed::sha256).orElse(null));
    fields.put("httpStatus", httpStatus.isPresent() ? httpStatus.getAsInt() : null);
    fields.put("finalUrl", finalUrl.orElse(null));
    fields.put("attempts", attempts);
    fields.put("seconds", Math.round(seconds * 1e6) / 1e6);
    fields.put("node", node.orElse(null));
    fields.put("error", error.orElse(null));
    fields.put("index", index);
    fields.put("line", line);
    out.ifPresent(name -> fields.put("out", name));
    etag.ifPresent(tag -> fields.put("etag", tag));
    try {
      return MAPPER.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text and numbers can be written as JSON", e);
    }
  }

  /** What {@link #json} wrote; nothing when it is anything else. */
  static Optional<Entry> read(byte[] json) {
    JsonNode fields;
    try {
      fields = READER.readTree(json);
    } catch (IOException e) {
      return Optional.empty();
    }
    Optional<String> url = text(fields, "url");
    Optional<Placed> placed = placed(fields);
    String status = text(fields, "status").orElse("");
    if (url.isEmpty() || !(status.equals("ok") ? placed.isPresent() : status.equals("failed"))) {
      return Optional.empty();
    }
    JsonNode httpStatus = fields.path("httpStatus");
    return Optional.of(
        new Entry(
            url.get(),
            text(fields, "out"),
            status.equals("ok") ? placed : Optional.empty(),
            httpStatus.isInt() ? OptionalInt.of(httpStatus.intValue()) : OptionalInt.empty(),
            text(fields, "finalUrl"),
            fields.path("attempts").asInt(),
            fields.path("seconds").asDouble(),
            text(fields, "node"),
            text(fields, "error"),
            text(fields, "etag"),
            fields.path("index").asLong(),
            fields.path("line").asInt()));
  }

  private static Optional<Placed> placed(JsonNode fields) {
    Optional<String> file = text(fields, "file");
    Optional<String> sha256 = text(fields, "sha256");
    JsonNode bytes = fields.path("bytes");
    return file.isPresent() && sha256.isPresent() && bytes.isIntegralNumber()
        ? Optional.of(
            new Placed(file.get(), bytes.longValue(), sha256.get().toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }

  private static Optional<String> text(JsonNode fields, String name) {
    JsonNode value = fields.path(name);
    return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
  }
}
