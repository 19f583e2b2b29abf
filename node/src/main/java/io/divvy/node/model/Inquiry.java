package io.divvy.node.model;

import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToAgent;
import io.divvy.protocol.ToScout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Asks the nodes of a cluster which runs they work for, those at known addresses and whomever they
 * know, and passes on that a run is to end. Nodes keep nothing of it.
 */
final class Inquiry {

  sealed interface Command {}

  /**
   * Ask all nodes anew.
   *
   * @param beginning of the ids of the runs that matter
   * @param one completed once a node has answered
   * @param all completed once all known nodes have, but for those that were silent before
   */
  record Ask(
      String beginning,
      CompletableFuture<List<ToScout.Run>> one,
      CompletableFuture<List<ToScout.Run>> all)
      implements Command {}

  /** Tell the nodes that work for this run that it is to end. */
  record Cancel(RunKey run, String by) implements Command {}

  private record Heard(ToScout message) implements Command {}

  private enum Tick implements Command {
    INSTANCE
  }

  private static final Duration TICK = Duration.ofMillis(100);

  /** A node, and its latest answer. */
  private static final class Place {
    private final ActorRef<ToAgent> agent;
    private final Set<RunKey> workedFor = new HashSet<>();
    private ToScout.@Nullable UnderWay answer;

    /** Whether an answer is waited for: the last question was answered, or there was none. */
    private boolean awaited = true;

    Place(ActorRef<ToAgent> agent) {
      this.agent = agent;
    }
  }

  private final ActorContext<Command> context;
  private final ActorRef<ToScout> inbox;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private @Nullable Ask asking;

  /** An inquiry at these addresses (HOST:PORT). */
  static Behavior<Command> create(List<String> addresses) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(timers -> new Inquiry(context, timers, addresses).asking()));
  }

  private Inquiry(
      ActorContext<Command> context, TimerScheduler<Command> timers, List<String> addresses) {
    this.context = context;
    this.inbox = context.messageAdapter(ToScout.class, Heard::new);
    addresses.forEach(this::seek);
    timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
  }

  private Behavior<Command> asking() {
    return Behaviors.receive(Command.class)
        .onMessage(Ask.class, this::onAsk)
        .onMessage(Cancel.class, this::onCancel)
        .onMessage(Heard.class, this::onHeard)
        .onMessageEquals(Tick.INSTANCE, this::onTick)
        .build();
  }

  private void seek(String address) {
    if (!places.containsKey(address)) {
      Place place = new Place(Doors.agent(context.getSystem(), address));
      places.put(address, place);
      ask(place);
    }
  }

  private void ask(Place place) {
    if (asking != null && place.answer == null) {
      place.agent.tell(new ToAgent.AskRuns(asking.beginning(), inbox));
    }
  }

  private Behavior<Command> onAsk(Ask ask) {
    boolean first = asking == null;
    asking = ask;
    for (Place place : places.values()) {
      place.awaited &= first || place.answer != null;
      place.answer = null;
      ask(place);
    }
    return Behaviors.same();
  }

  private Behavior<Command> onTick() {
    places.values().forEach(this::ask);
    return Behaviors.same();
  }

  private Behavior<Command> onCancel(Cancel cancel) {
    places.values().stream()
        .filter(place -> place.workedFor.contains(cancel.run()))
        .forEach(place -> place.agent.tell(new ToAgent.Cancel(cancel.run(), cancel.by())));
    return Behaviors.same();
  }

  private Behavior<Command> onHeard(Heard heard) {
    Ask ask = asking;
    if (heard.message() instanceof ToScout.UnderWay answer
        && ask != null
        && ask.beginning().equals(answer.beginning())) {
      Place place = places.get(answer.address());
      if (place != null) {
        place.answer = answer;
        place.awaited = true;
        answer.runs().forEach(run -> place.workedFor.add(run.run()));
      }
      answer.peers().forEach(this::seek);
      settle(ask);
    }
    return Behaviors.same();
  }

  private void settle(Ask ask) {
    List<ToScout.Run> runs = new ArrayList<>();
    boolean all = true;
    for (Place place : places.values()) {
      ToScout.UnderWay answer = place.answer;
      all &= answer != null || !place.awaited;
      if (answer != null) {
        runs.addAll(answer.runs());
      }
    }
    ask.one().complete(runs);
    if (all) {
      ask.all().complete(runs);
    }
  }
}
