package io.divvy.node.launch;

import java.util.List;
import java.util.Optional;

/**
 * What a child is to be.
 *
 * @param name the node's name
 * @param workers how many workers it has, at least 1
 * @param host where it listens
 * @param heap the most memory for its objects as the JVM takes it, {@code 256m} say; empty: the
 *     JVM's own default
 * @param arguments more arguments for its command line, such as {@code --config FILE}
 */
public record ChildOptions(
    String name, int workers, String host, Optional<String> heap, List<String> arguments) {
  public ChildOptions {
    arguments = List.copyOf(arguments);
  }
}
