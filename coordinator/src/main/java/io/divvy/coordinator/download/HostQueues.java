package io.divvy.coordinator.download;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Items that wait for their turn: a queue per host, and the hosts in a round. A host that cannot be
 * asked now holds up nobody else, and none gets a second turn before every other got one.
 */
final class HostQueues {

  /** How far to look behind an item that another node should take. */
  private static final int GLANCE = 16;

  private final Map<String, Deque<Item>> queues = new HashMap<>();
  private final Deque<String> round = new ArrayDeque<>();

  /** Puts in an item behind the others of its host. */
  void add(Item item) {
    queueOf(item).addLast(item);
  }

  /** Puts in an item that had its turn before; it goes first at its host. */
  void addFirst(Item item) {
    queueOf(item).addFirst(item);
  }

  private Deque<Item> queueOf(Item item) {
    return queues.computeIfAbsent(
        item.host(),
        host -> {
          round.addLast(host);
          return new ArrayDeque<>();
        });
  }

  /**
   * Takes out the next item.
   *
   * @param open whether a host can be asked now
   * @param suits whether the asking node should take an item
   */
  @Nullable Item take(Predicate<String> open, Predicate<Item> suits) {
    for (int turns = round.size(); turns > 0; turns--) {
      String host = round.removeFirst();
      Deque<Item> queue = queues.getOrDefault(host, new ArrayDeque<>());
      Item item = open.test(host) ? takeFrom(queue, suits) : null;
      if (queue.isEmpty()) {
        queues.remove(host);
      } else {
        round.addLast(host);
      }
      if (item != null) {
        return item;
      }
    }
    return null;
  }

  private static @Nullable Item takeFrom(Deque<Item> queue, Predicate<Item> suits) {
    int looked = 0;
    for (Iterator<Item> items = queue.iterator(); items.hasNext() && looked < GLANCE; ) {
      Item item = items.next();
      if (item.state == Item.State.COUNTED) {
        items.remove(); // a late result ended it while it waited
      } else if (suits.test(item)) {
        items.remove();
        return item;
      } else {
        looked++;
      }
    }
    return null;
  }

  /** The hosts that items wait for. */
  Collection<String> hosts() {
    return queues.keySet();
  }
}
