package io.divvy.node.member;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Whom a new node joins, and when it founds a cluster of its own.
 *
 * <p>INVARIANT: decided under the registry's lock, and whoever founds is UP there before the lock
 * is given back. So of nodes that start at once the first founds and all others see it.
 */
final class Joining {

  /** What to do now; asked again until the node belongs to a cluster. */
  sealed interface Decision {
    /** Ask these, in turn, to be taken in. */
    record JoinThrough(List<String> addresses) implements Decision {
      public JoinThrough {
        addresses = List.copyOf(addresses);
      }
    }

    /** Be the first member. */
    enum Found implements Decision {
      INSTANCE
    }

    /** There may be a cluster, but nobody of it answers. */
    record Wait(String why) implements Decision {}
  }

  /**
   * Another node in the registry.
   *
   * @param life what its process says
   * @param contact what its port says
   */
  record Other(Entry entry, Entry.Life life, Contact contact) {}

  /** What came of a connection to a node's port. */
  enum Contact {
    ANSWERS,
    REFUSED,
    SILENT,
    /** It connects, but the node has not taken us in for a while: it may be stopped. */
    STUCK,
    NOT_TRIED
  }

  private Joining() {}

  /**
   * @param asked the addresses that the user gave with --join
   * @param mayFound whether the user said --found
   * @param others all entries but our own
   */
  static Decision decide(List<String> asked, boolean mayFound, List<Other> others) {
    if (!asked.isEmpty()) {
      return new Decision.JoinThrough(asked);
    }
    List<Other> members = others.stream().filter(Joining::mayBeMember).toList();
    List<String> answering = new ArrayList<>();
    for (Other member : members) {
      if (member.contact() == Contact.ANSWERS || member.contact() == Contact.NOT_TRIED) {
        answering.add(member.entry().address());
      }
    }
    if (!answering.isEmpty()) {
      return new Decision.JoinThrough(answering);
    }
    if (members.isEmpty() || mayFound) {
      return Decision.Found.INSTANCE;
    }
    return new Decision.Wait(why(members));
  }

  /** A node that still looks for a cluster is no obstacle: it would join us. */
  private static boolean mayBeMember(Other other) {
    return other.entry().state() == Entry.State.UP
        && other.life() != Entry.Life.DEAD
        && !(other.life() == Entry.Life.UNKNOWN
            && other.contact() == Contact.REFUSED
            && Addresses.isLoopback(Addresses.host(other.entry().address())));
  }

  /** Why none of the nodes that the user named took this one in. */
  static String unanswered(Map<String, Contact> contacts) {
    return contacts.entrySet().stream()
        .map(
            contact ->
                switch (contact.getValue()) {
                  case REFUSED -> "nobody listens at " + contact.getKey();
                  case ANSWERS, STUCK ->
                      "something listens at "
                          + contact.getKey()
                          + ", but it does not answer as a Divvy node";
                  default -> contact.getKey() + " cannot be reached";
                })
        .sorted()
        .collect(Collectors.joining("; "));
  }

  static String why(List<Other> members) {
    return "the cluster's "
        + members.stream().map(Joining::told).collect(Collectors.joining(", "))
        + "; waiting; end it, or start with --found to begin a new cluster";
  }

  private static String told(Other member) {
    String what =
        switch (member.contact()) {
          case REFUSED -> "does not listen";
          case STUCK -> "listens but does not answer";
          default -> "cannot be reached";
        };
    return member.entry().text() + " " + what;
  }
}
