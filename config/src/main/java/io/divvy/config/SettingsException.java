package io.divvy.config;

import java.util.List;

/**
 * Settings that cannot be used; one line for each problem: which key, what we got, what is allowed.
 */
public final class SettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> lines;

  public SettingsException(List<String> lines) {
    super(String.join("\n", lines));
    this.lines = List.copyOf(lines);
  }

  public List<String> lines() {
    return lines;
  }
}
