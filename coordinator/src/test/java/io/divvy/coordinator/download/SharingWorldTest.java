package io.divvy.coordinator.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.protocol.HandOut;
import io.divvy.protocol.Tried;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A world of nodes that come, die, fall silent and wake up, with messages that are late or lost.
 * Whatever happens: no host ever has more open connections than allowed, every item ends once, and
 * it all comes to an end.
 */
class SharingWorldTest {

  private static final long SECOND = 1_000_000_000L;
  private static final long LEASE = 5 * SECOND;
  private static final long MARGIN = SECOND;
  private static final int ITEMS = 400;
  private static final int PER_HOST = 3;
  private static final int CONNECTIONS = 8;

  private record Event(long at, long number, Runnable what) {}

  private static final class Node {
    final String name;
    final long clockAhead;
    final Map<Long, Long> leaseEnds = new HashMap<>();
    final Map<Long, HandOut> open = new HashMap<>();
    final Map<Long, String> connected = new HashMap<>();
    final Map<Long, Integer> hops = new HashMap<>();
    boolean dead;
    boolean cutOff;
    long stampHeard;
    long heardAt = -LEASE;

    Node(String name, long clockAhead) {
      this.name = name;
      this.clockAhead = clockAhead;
    }
  }

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparing(Event::number));
  private final List<Node> nodes = new ArrayList<>();
  private final Map<Long, Integer> ends = new HashMap<>();
  private final Map<String, Integer> connections = new HashMap<>();
  private final Map<Long, String> asked = new HashMap<>();
  private final Set<String> slowHosts = new HashSet<>(Set.of("h1"));
  private Random random = new Random();
  private Sharing sharing = sharing(random);
  private long now;
  private long number;
  private long given;

  static List<Long> seeds() {
    return new Random().longs(20).boxed().toList();
  }

  private static Sharing sharing(Random random) {
    Limits limits = new Limits(CONNECTIONS, PER_HOST, 0, 0, 0, 2, 120 * SECOND, 50, Long.MAX_VALUE);
    return new Sharing(limits, LEASE, random::nextDouble);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyItemEndsOnceAndNoHostHasTooManyConnections(long seed) {
    random = new Random(seed);
    sharing = sharing(random);
    addNode();
    addNode();
    read();
    after(0, this::tick);
    for (int i = 0; i < 12; i++) {
      after(random.nextInt(60) * SECOND, this::upset);
    }
    while (!sharing.isFinished()) {
      Event next = events.remove();
      now = next.at();
      assertThat(now).as("the world's end, seed %d", seed).isLessThan(100_000 * SECOND);
      next.what().run();
      connections.forEach(
          (host, count) ->
              assertThat(count)
                  .as("connections to %s, seed %d", host, seed)
                  .isBetween(0, PER_HOST));
      assertThat(connections.values().stream().mapToInt(i -> i).sum())
          .as("connections, seed %d", seed)
          .isLessThanOrEqualTo(CONNECTIONS);
    }
    assertThat(ends).as("seed %d", seed).hasSize(ITEMS).allSatisfy((i, n) -> assertThat(n).isOne());
    assertThat(sharing.done() + sharing.failed()).as("seed %d", seed).isEqualTo(ITEMS);
  }

  private void after(long delay, Runnable what) {
    events.add(new Event(now + delay, number++, what));
  }

  /** Most messages take their time, some are lost. */
  private void send(Node node, Runnable what) {
    if (!node.cutOff && random.nextInt(20) > 0) {
      long delay = random.nextInt(10) == 0 ? random.nextInt(8) * SECOND : random.nextInt(1000);
      after(delay, what);
    }
  }

  private void read() {
    List<Entry> entries = new ArrayList<>();
    int room = sharing.room();
    while (entries.size() < room && given < ITEMS) {
      HandOut.Name name = new HandOut.Name("f" + given, "", false);
      String host = given < ITEMS / 2 ? "h0" : "h" + given % 4;
      entries.add(new Entry.Wanted(given, "http://" + host + "/" + given, host, name, null));
      given++;
    }
    carryOut(sharing.read(entries));
    if (given == ITEMS) {
      sharing.listEnded();
    }
  }

  private void addNode() {
    Node node = new Node("n" + nodes.size(), random.nextLong() / 4);
    nodes.add(node);
    sharing.join(node.name);
    beat(node);
  }

  /** What goes wrong: a death, a silence that ends or does not, and somebody new. */
  private void upset() {
    Node node = nodes.get(random.nextInt(nodes.size()));
    if (random.nextBoolean()) {
      die(node);
      addNode();
    } else if (!node.cutOff && !node.dead) {
      node.cutOff = true;
      after(
          random.nextInt(20) * SECOND,
          () -> {
            node.cutOff = false;
            if (!node.dead) {
              sharing.join(node.name);
            }
          });
      after(random.nextInt(3) * SECOND, () -> sharing.leave(node.name));
      if (nodes.stream().allMatch(each -> each.dead || each.cutOff)) {
        addNode();
      }
    }
  }

  private void die(Node node) {
    if (!node.dead) {
      node.dead = true;
      for (long attempt : List.copyOf(node.open.keySet())) {
        close(node, attempt);
      }
      carryOut(sharing.dead(node.name, "killed"));
    }
  }

  private void beat(Node node) {
    if (!node.dead) {
      long stamp = now + node.clockAhead;
      for (long attempt : List.copyOf(node.open.keySet())) {
        if (stamp - node.leaseEnds.getOrDefault(attempt, stamp) >= 0) {
          close(node, attempt);
        }
      }
      List<Long> holding = List.copyOf(node.open.keySet());
      send(node, () -> onBeat(node, stamp, holding));
      after(SECOND / 4, () -> beat(node));
    }
  }

  private void onBeat(Node node, long stamp, List<Long> holding) {
    if (node.dead) {
      return;
    }
    node.stampHeard = stamp;
    node.heardAt = now;
    for (long attempt : holding) {
      if (sharing.renew(node.name, attempt, now)) {
        send(
            node,
            () ->
                node.leaseEnds.computeIfPresent(
                    attempt, (same, end) -> Math.max(end, stamp + LEASE - MARGIN)));
      } else {
        send(node, () -> close(node, attempt));
      }
    }
  }

  private void tick() {
    carryOut(sharing.expire(now));
    read();
    Predicate<String> ready = name -> now - node(name).heardAt < LEASE / 2;
    for (Sharing.GoOn goOn : sharing.goOn(ready, now)) {
      Node node = node(goOn.node());
      String host = asked.getOrDefault(goOn.attempt(), "");
      send(node, () -> goOn(node, goOn.attempt(), goOn.hop(), host));
    }
    sharing
        .assign(ready, now)
        .forEach(
            (name, handOuts) -> {
              Node node = node(name);
              long end = node.stampHeard + LEASE - MARGIN;
              send(node, () -> handOuts.forEach(handOut -> begin(node, handOut, end)));
            });
    after(SECOND / 10, this::tick);
  }

  private Node node(String name) {
    return nodes.get(Integer.parseInt(name.substring(1)));
  }

  private void begin(Node node, HandOut handOut, long leaseEnd) {
    if (node.dead || now + node.clockAhead - leaseEnd >= 0) {
      return;
    }
    node.open.put(handOut.attempt(), handOut);
    node.leaseEnds.put(handOut.attempt(), leaseEnd);
    connect(node, handOut.attempt(), host(handOut));
    after((long) (random.nextDouble() * 10 * SECOND), () -> answer(node, handOut));
  }

  private void connect(Node node, long attempt, String host) {
    node.connected.put(attempt, host);
    connections.merge(host, 1, Integer::sum);
  }

  private void disconnect(Node node, long attempt) {
    String host = node.connected.remove(attempt);
    if (host != null) {
      connections.merge(host, -1, Integer::sum);
    }
  }

  private void answer(Node node, HandOut handOut) {
    long attempt = handOut.attempt();
    if (node.open.containsKey(attempt) && random.nextInt(3) == 0) {
      disconnect(node, attempt);
      int hop = node.hops.merge(attempt, 1, Integer::sum);
      sendOn(node, handOut, hop, "h" + random.nextInt(6));
    } else {
      finish(node, handOut);
    }
  }

  /** Says where it was sent to until it may go on. */
  private void sendOn(Node node, HandOut handOut, int hop, String host) {
    long attempt = handOut.attempt();
    boolean waits =
        node.open.containsKey(attempt)
            && node.hops.getOrDefault(attempt, 0) == hop
            && !node.connected.containsKey(attempt);
    if (waits) {
      send(
          node,
          () -> {
            if (!node.dead && sharing.redirected(node.name, attempt, hop, host, now)) {
              send(node, () -> goOn(node, attempt, hop, host));
            }
          });
      asked.put(attempt, host);
      after(SECOND, () -> sendOn(node, handOut, hop, host));
    }
  }

  private void goOn(Node node, long attempt, int hop, String host) {
    HandOut handOut = node.open.get(attempt);
    boolean leased = now + node.clockAhead - node.leaseEnds.getOrDefault(attempt, 0L) < 0;
    if (handOut != null
        && leased
        && node.hops.getOrDefault(attempt, 0) == hop
        && !node.connected.containsKey(attempt)) {
      connect(node, attempt, host);
      after((long) (random.nextDouble() * 10 * SECOND), () -> answer(node, handOut));
    }
  }

  private void finish(Node node, HandOut handOut) {
    if (node.open.containsKey(handOut.attempt())) {
      close(node, handOut.attempt());
      Tried tried = tried(handOut);
      BiConsumer<Node, Tried> report =
          (from, what) -> {
            if (!from.dead) {
              carryOut(
                  sharing.report(from.name, handOut.attempt(), handOut.item(), what, true, now));
            }
          };
      for (int again = 0; again < 3; again++) {
        after(again * SECOND, () -> send(node, () -> report.accept(node, tried)));
      }
    }
  }

  private Tried tried(HandOut handOut) {
    int luck = random.nextInt(10);
    if (luck == 0) {
      return Tried.Broken.of("timeout", "no answer", true);
    } else if (luck == 1 && slowHosts.contains(host(handOut))) {
      long wait = random.nextInt(3) == 0 ? -1 : random.nextInt(3000);
      return new Tried.Broken("http-503", "busy", 503, true, wait, null, 0);
    }
    return new Tried.Ok("f", 1, "00", 200, handOut.url(), 0, null);
  }

  private void close(Node node, long attempt) {
    HandOut handOut = node.open.remove(attempt);
    if (handOut != null) {
      node.leaseEnds.remove(attempt);
      disconnect(node, attempt);
      node.hops.remove(attempt);
    }
  }

  private static String host(HandOut handOut) {
    return URI.create(handOut.url()).getHost();
  }

  private void carryOut(List<Sharing.Step> steps) {
    for (Sharing.Step step : steps) {
      if (step instanceof Sharing.Ended ended) {
        ends.merge(ended.ending().entry().item(), 1, Integer::sum);
      } else if (step instanceof Sharing.Cancel cancel) {
        send(node(cancel.node()), () -> close(node(cancel.node()), cancel.attempt()));
      }
    }
  }
}
