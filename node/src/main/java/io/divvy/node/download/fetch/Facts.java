package io.divvy.node.download.fetch;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a server says of a file before it sends it.
 *
 * @param finalUrl where the redirects led, without user, password and fragment
 * @param length of the whole file as it will be stored, if known beforehand
 * @param validator what names this state of the file in {@code If-Range}; none when it may not be
 *     gone on with
 * @param contentType as sent, without control characters
 * @param fileName as the server suggests it: cleaned of nothing but control characters
 */
public record Facts(
    int httpStatus,
    URI finalUrl,
    OptionalLong length,
    Optional<String> validator,
    Optional<String> contentType,
    Optional<String> fileName) {}
