package io.divvy.config;

import java.time.Duration;

/**
 * How results travel.
 *
 * @param partBytes the most payload one message carries; well below the frame limit
 * @param windowBytes the most payload of one worker that is not yet acknowledged
 * @param flushInterval results of a chunk that takes longer are sent this often
 * @param resendInterval what is not acknowledged after this long is sent again
 */
public record ResultSettings(
    int partBytes, int windowBytes, Duration flushInterval, Duration resendInterval) {}
