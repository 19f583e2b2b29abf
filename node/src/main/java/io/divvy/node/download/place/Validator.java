package io.divvy.node.download.place;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * By what a later transfer proves that it goes on with the same file. Only what the server calls a
 * strong validator may stand here: with a weak one, two files could be spliced into a third.
 *
 * @param etag as the server wrote it, with its quotes
 * @param lastModified as the server wrote it
 * @param finalUrl where the bytes came from
 * @param length of the whole file, if the server said it
 */
public record Validator(
    Optional<String> etag, Optional<String> lastModified, String finalUrl, OptionalLong length) {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** One line of JSON. */
  String json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    etag.ifPresent(value -> fields.put("etag", value));
    lastModified.ifPresent(value -> fields.put("lastModified", value));
    fields.put("finalUrl", finalUrl);
    length.ifPresent(value -> fields.put("length", value));
    try {
      return MAPPER.writeValueAsString(fields) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("text and numbers can be written as JSON", e);
    }
  }

  /** What {@link #json} wrote; nothing when it was torn or is something else. */
  static Optional<Validator> read(String json) {
    try {
      JsonNode fields = MAPPER.readTree(json);
      if (!json.endsWith("\n") || !fields.path("finalUrl").isTextual()) {
        return Optional.empty();
      }
      JsonNode length = fields.path("length");
      return Optional.of(
          new Validator(
              text(fields, "etag"),
              text(fields, "lastModified"),
              fields.path("finalUrl").asText(),
              length.isIntegralNumber() ? OptionalLong.of(length.asLong()) : OptionalLong.empty()));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(JsonNode fields, String name) {
    return fields.path(name).isTextual()
        ? Optional.of(fields.path(name).asText())
        : Optional.empty();
  }
}
