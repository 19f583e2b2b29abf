package io.divvy.node.member;

import io.divvy.node.member.Joining.Contact;
import io.divvy.node.member.Joining.Decision;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a node into its cluster: carries out what {@link Joining} decides, until it is in. */
final class Entrance {
  private static final Logger LOG = LoggerFactory.getLogger(Entrance.class);
  private static final Duration CONTACT = Duration.ofMillis(500);

  /** Who was asked for this long and did not take us in is stuck, or no node at all. */
  private static final Duration STUCK_AFTER = Duration.ofSeconds(5);

  private static final Duration EAGER = Duration.ofSeconds(3);
  private static final long EAGER_MILLIS = 250;
  private static final long PATIENT_MILLIS = 1000;

  /** Who listens gets more time than who does not: the machine may be busy. */
  private static final int TIMES_FOR_LISTENERS = 3;

  private final ActorSystem<?> system;
  private final Registry registry;
  private final Entry own;
  private final List<String> asked;
  private final boolean mayFound;
  private final Duration patience;
  private final Membership.Stages stages;
  private final Consumer<String> tell;
  private final Map<String, Long> askedSince = new HashMap<>();
  private final Map<String, Contact> contacts = new HashMap<>();
  private final long begin;
  private String told = "";
  private int turn;

  /**
   * @param asked HOST:PORT of the nodes that the user named
   * @param patience how long those have to answer
   * @param begin when the user began to wait, in {@link System#nanoTime}
   * @param tell told, in one line, what it waits for
   */
  Entrance(
      ActorSystem<?> system,
      Registry registry,
      Entry own,
      List<String> asked,
      boolean mayFound,
      Duration patience,
      long begin,
      Membership.Stages stages,
      Consumer<String> tell) {
    this.system = system;
    this.registry = registry;
    this.own = own;
    this.asked = List.copyOf(asked);
    this.mayFound = mayFound;
    this.patience = patience;
    this.begin = begin;
    this.stages = stages;
    this.tell = tell;
  }

  /** None of the nodes that the user named took this one in; the message says why. */
  static final class NotReached extends Exception {
    private static final long serialVersionUID = 1L;

    NotReached(String message) {
      super(message);
    }
  }

  /**
   * Returns when a member has taken this node in. That all others agree may take long, when one of
   * them is dead say, and is not waited for: work needs no agreement.
   */
  void enter() throws IOException, InterruptedException, NotReached {
    while (!stages.welcomed().isDone()) {
      step();
      boolean eager = since(begin).compareTo(EAGER) < 0;
      await(stages.welcomed(), eager ? EAGER_MILLIS : PATIENT_MILLIS);
    }
    // From now on others may join through this node, so it is an obstacle to founding.
    registry.put(own.up(System.currentTimeMillis()));
  }

  private void step() throws IOException, InterruptedException, NotReached {
    look(asked.isEmpty() ? membersKnown() : asked);
    Decision decision = registry.change(this::decide);
    LOG.debug("[{}]", decision);
    if (decision instanceof Decision.Found) {
      join(own.address());
    } else if (decision instanceof Decision.JoinThrough through) {
      askNext(through.addresses());
      if (!asked.isEmpty()) {
        checkPatience();
      }
    } else if (decision instanceof Decision.Wait wait) {
      tellOnce(wait.why());
      askNext(List.copyOf(contacts.keySet())); // who was stopped may go on
    } else {
      throw new IllegalStateException("unknown decision " + decision);
    }
  }

  private List<String> membersKnown() throws IOException {
    return registry.entries().stream()
        .filter(entry -> entry.state() == Entry.State.UP)
        .filter(entry -> registry.life(entry) != Entry.Life.DEAD)
        .filter(entry -> !Registry.sameProcess(entry, own))
        .map(Entry::address)
        .toList();
  }

  /** Connections take their time, so this is done before the lock is taken. */
  private void look(List<String> addresses) {
    contacts.keySet().retainAll(addresses);
    askedSince.keySet().retainAll(addresses);
    for (String address : addresses) {
      Contact contact = Addresses.contact(address, CONTACT);
      boolean overdue =
          Optional.ofNullable(askedSince.get(address))
              .map(time -> since(time).compareTo(STUCK_AFTER) > 0)
              .orElse(false);
      contacts.put(address, contact == Contact.ANSWERS && overdue ? Contact.STUCK : contact);
    }
  }

  private Registry.Step<Decision> decide(List<Entry> entries) {
    List<Joining.Other> others =
        entries.stream()
            .filter(entry -> !Registry.sameProcess(entry, own))
            .map(
                entry ->
                    new Joining.Other(
                        entry,
                        registry.life(entry),
                        contacts.getOrDefault(entry.address(), Contact.NOT_TRIED)))
            .toList();
    Decision decision = Joining.decide(asked, mayFound, others);
    Entry next = decision instanceof Decision.Found ? own.up(System.currentTimeMillis()) : own;
    // The entries of the dead stay: a member that finds them takes those out of the cluster.
    return new Registry.Step<>(Registry.with(entries, next), decision);
  }

  private void askNext(List<String> addresses) {
    if (addresses.isEmpty()) {
      return;
    }
    String address = addresses.get(Math.floorMod(turn++, addresses.size()));
    askedSince.putIfAbsent(address, System.nanoTime());
    join(address);
  }

  private void join(String address) {
    Address whom = AddressFromURIString.parse("pekko://" + system.name() + "@" + address);
    Cluster.get(system).manager().tell(Join.create(whom));
  }

  private void checkPatience() throws NotReached {
    String what = Joining.unanswered(contacts);
    boolean listened =
        contacts.containsValue(Contact.ANSWERS) || contacts.containsValue(Contact.STUCK);
    Duration most = listened ? patience.multipliedBy(TIMES_FOR_LISTENERS) : patience;
    boolean allTried = askedSince.keySet().containsAll(contacts.keySet());
    if (allTried && since(begin).compareTo(most) > 0) {
      throw new NotReached(what + " (tried for " + most.toSeconds() + " s)");
    }
    if (!contacts.containsValue(Contact.ANSWERS)) {
      tellOnce(what + "; trying on");
    }
  }

  private void tellOnce(String line) {
    if (!line.equals(told)) {
      told = line;
      tell.accept(line);
    }
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private static void await(CompletableFuture<Void> stage, long millis)
      throws InterruptedException {
    try {
      stage.get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.debug("Nobody has taken this node in yet");
    } catch (ExecutionException e) {
      throw new IllegalStateException("stages only complete", e);
    }
  }
}
