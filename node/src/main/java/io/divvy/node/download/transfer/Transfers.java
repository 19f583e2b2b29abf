package io.divvy.node.download.transfer;

import io.divvy.config.LeaseSettings;
import io.divvy.node.download.transfer.Fetcher.Fetched;
import io.divvy.protocol.DownloadSpec;
import io.divvy.protocol.HandOut;
import io.divvy.protocol.RunKey;
import io.divvy.protocol.ToDownload;
import io.divvy.protocol.ToDownload.Moving;
import io.divvy.protocol.ToDownload.Report;
import io.divvy.protocol.ToScout;
import io.divvy.protocol.ToTransfers;
import io.divvy.protocol.Tried;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The one actor of a node that fetches URLs: runs each transfer on a thread of its own, reports
 * what came of it until that is acknowledged, and closes what it has no lease for any more.
 *
 * <p>Commands reach it through a {@link #door}, as they reach the agent.
 */
public final class Transfers {

  /** What it hears from its own JVM. */
  public sealed interface Command extends NoSerializationVerificationNeeded {}

  /** The liveness connection of this run's command was closed: a first sign of its death. */
  public record LivenessClosed(RunKey run) implements Command {}

  /** There is a liveness connection of this run's command (again). */
  public record LivenessOpened(RunKey run) implements Command {}

  /**
   * Say which runs are under way.
   *
   * @param computing those that the agent of this node knows
   */
  public record AskRuns(ToScout.UnderWay computing, ActorRef<ToScout> replyTo) implements Command {}

  /** Somebody wants the run to end: tell its command, if it is one of these. */
  public record CancelRun(RunKey run, String by) implements Command {}

  /** Close everything and take nothing more; answered when that is done. */
  public record Drain(ActorRef<Drained> replyTo) implements Command {}

  /** Nothing is under way any more, and all that came of it was acknowledged. */
  public enum Drained implements NoSerializationVerificationNeeded {
    INSTANCE
  }

  private record Heard(ToTransfers message) implements Command {}

  private record Opened(Run run, @Nullable Fetcher fetcher, String problem) implements Command {}

  private record Finished(Run run, Trip trip, Tried tried) implements Command {}

  private record Orphaned(RunKey run) implements Command {}

  private record Silent(RunKey run) implements Command {}

  private enum Renew implements Command {
    INSTANCE
  }

  private enum Tick implements Command {
    INSTANCE
  }

  /**
   * What it needs of the rest of its JVM.
   *
   * @param node the node's name
   * @param memory the memory of this process in bytes, or -1
   * @param nanoTime a monotonic clock
   */
  public record Machine(
      String node, Fetchers fetchers, LongSupplier memory, LongSupplier nanoTime) {}

  /**
   * The settings it uses.
   *
   * @param resend what is not acknowledged after this long is sent again
   * @param mostThreads how many transfers of all runs together
   */
  public record Settings(LeaseSettings lease, Duration resend, int mostThreads) {}

  /** The transfers of a node. */
  public static Behavior<Command> create(Settings settings, Machine machine) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> new Transfers(context, timers, settings, machine).serving()));
  }

  /** Where commands reach it; to be spawned as {@code /user/downloads}. */
  public static Behavior<ToTransfers> door(ActorRef<Command> transfers) {
    return Behaviors.receiveMessage(
        message -> {
          transfers.tell(new Heard(message));
          return Behaviors.same();
        });
  }

  /** A download that this node takes part in. */
  private static final class Run {
    private final RunKey key;
    private final DownloadSpec download;
    private final long leaseNanos;
    private final ActorRef<ToDownload> coordinator;
    private final Throttle throttle;
    private final Map<Long, Trip> trips = new LinkedHashMap<>();
    private final Map<Long, Report> unacknowledged = new LinkedHashMap<>();
    private @Nullable Fetcher fetcher;
    private long sentAt;
    private boolean opened;
    private boolean over;

    Run(ToTransfers.Register register, LongSupplier nanoTime) {
      this.key = register.run();
      this.download = register.download();
      // The rest is what closing may take, and what clocks may differ by until then.
      this.leaseNanos = Duration.ofMillis(register.leaseMillis()).toNanos() / 5 * 4;
      this.coordinator = register.coordinator();
      this.throttle = new Throttle(nanoTime);
    }

    boolean streams() {
      return fetcher != null && download.collect() && !fetcher.sharesDirectory();
    }
  }

  private static final Duration TICK = Duration.ofMillis(100);

  /** About what a message of reports may hold. */
  private static final int MESSAGE_CHARACTERS = 60_000;

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Settings settings;
  private final Machine machine;
  private final ActorRef<Command> self;
  private final Logger log;
  private final ExecutorService threads;
  private final ExecutorService closing;
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final List<ActorRef<Drained>> drainers = new ArrayList<>();
  private boolean leaving;

  private Transfers(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Settings settings,
      Machine machine) {
    this.context = context;
    this.timers = timers;
    this.settings = settings;
    this.machine = machine;
    this.self = context.getSelf();
    this.log = context.getSystem().log(); // the one for threads that are not the actor's
    this.threads = Threads.pool("divvy-download", settings.mostThreads());
    // What closes a transfer may block, and must not keep another from being closed.
    this.closing = Threads.pool("divvy-download-close", Integer.MAX_VALUE);
  }

  private Behavior<Command> serving() {
    return Behaviors.receive(Command.class)
        .onMessage(Heard.class, this::onHeard)
        .onMessage(Opened.class, this::onOpened)
        .onMessage(Finished.class, this::onFinished)
        .onMessage(LivenessClosed.class, this::onLivenessClosed)
        .onMessage(LivenessOpened.class, this::onLivenessOpened)
        .onMessage(Orphaned.class, orphaned -> onGone(orphaned.run(), "its command is gone"))
        .onMessage(Silent.class, silent -> onGone(silent.run(), "its command is silent"))
        .onMessage(AskRuns.class, this::onAskRuns)
        .onMessage(CancelRun.class, this::onCancelRun)
        .onMessage(Drain.class, this::onDrain)
        .onMessageEquals(Renew.INSTANCE, this::onRenew)
        .onMessageEquals(Tick.INSTANCE, this::onTick)
        .onSignal(PostStop.class, stop -> onStop())
        .build();
  }

  // ---- what coordinators say

  private Behavior<Command> onHeard(Heard heard) {
    ToTransfers message = heard.message();
    if (message instanceof ToTransfers.Register register) {
      onRegister(register);
      return Behaviors.same();
    }
    Optional<Run> known = find(message.run());
    known.ifPresent(
        run -> {
          hear(run.key);
          onHeard(run, message);
        });
    return Behaviors.same();
  }

  private void onHeard(Run run, ToTransfers message) {
    if (message instanceof ToTransfers.Fetch fetch) {
      fetch.handOuts().forEach(handOut -> begin(run, handOut, fetch.stamp()));
    } else if (message instanceof ToTransfers.Renew renew) {
      run.throttle.limit(renew.bytesPerSecond());
      for (long attempt : renew.attempts()) {
        Trip trip = run.trips.get(attempt);
        if (trip != null) {
          long end = renew.stamp() + run.leaseNanos;
          trip.leaseEnd = end - trip.leaseEnd > 0 ? end : trip.leaseEnd;
        }
      }
    } else if (message instanceof ToTransfers.Acknowledge acknowledge) {
      acknowledge.attempts().forEach(run.unacknowledged::remove);
      settleDrain();
    } else if (message instanceof ToTransfers.GoOn goOn) {
      Trip trip = run.trips.get(goOn.attempt());
      if (trip != null && now() - trip.leaseEnd < 0) {
        trip.goOn(goOn.hop());
      }
    } else if (message instanceof ToTransfers.Received received) {
      Trip trip = run.trips.get(received.attempt());
      if (trip != null) {
        trip.received(received.offset());
      }
    } else if (message instanceof ToTransfers.Cancel cancel) {
      for (long attempt : cancel.attempts()) {
        Trip trip = run.trips.get(attempt);
        if (trip != null) {
          close(trip, "it is not wanted any more");
        }
      }
    } else if (message instanceof ToTransfers.Unregister) {
      context.getLog().info("download [{}] is over", run.key);
      drop(run, "the download is over");
    } else {
      throw new IllegalStateException("a message of an unknown type: " + message);
    }
  }

  private void onRegister(ToTransfers.Register register) {
    RunKey key = register.run();
    Run known = runs.get(key.run());
    if (leaving && (known == null || !known.key.equals(key))) {
      refuse(register, "leaving");
      return;
    }
    if (known != null && known.key.epoch() > key.epoch()) {
      refuse(register, "the run was resumed since: epoch " + known.key.epoch());
      return;
    }
    if (known == null || known.key.epoch() < key.epoch()) {
      if (known != null) {
        drop(known, "it was resumed");
      }
      open(register);
    } else if (known.opened) {
      tellRegistered(known);
    }
    hear(key);
  }

  private void refuse(ToTransfers.Register register, String why) {
    context.getLog().info("refused download [{}]: {}", register.run(), why);
    register.coordinator().tell(new ToDownload.Refused(register.run(), machine.node(), why));
  }

  private void open(ToTransfers.Register register) {
    Run run = new Run(register, machine.nanoTime());
    runs.put(run.key.run(), run);
    Duration interval = settings.lease().renewInterval();
    if (!timers.isTimerActive(Tick.INSTANCE)) {
      timers.startTimerWithFixedDelay(Tick.INSTANCE, TICK);
      timers.startTimerWithFixedDelay(Renew.INSTANCE, interval);
    }
    closing.execute(
        () -> {
          try {
            self.tell(new Opened(run, machine.fetchers().open(run.key, run.download), ""));
          } catch (IOException | RuntimeException e) {
            self.tell(new Opened(run, null, String.valueOf(e.getMessage())));
          }
        });
  }

  private Behavior<Command> onOpened(Opened opened) {
    Run run = opened.run();
    run.opened = true;
    run.fetcher = opened.fetcher();
    if (run.over) {
      end(run);
    } else if (run.fetcher == null) {
      context.getLog().info("refused download [{}]: {}", run.key, opened.problem());
      run.coordinator.tell(new ToDownload.Refused(run.key, machine.node(), opened.problem()));
      forget(run);
    } else {
      context.getLog().info("fetching for download [{}]", run.key);
      tellRegistered(run);
    }
    return Behaviors.same();
  }

  private void tellRegistered(Run run) {
    boolean shares = run.fetcher != null && run.fetcher.sharesDirectory();
    long memory = machine.memory().getAsLong();
    run.coordinator.tell(new ToDownload.Registered(run.key, machine.node(), now(), shares, memory));
    if (leaving) {
      run.coordinator.tell(new ToDownload.Departing(run.key, machine.node()));
    }
  }

  private Behavior<Command> onAskRuns(AskRuns ask) {
    List<ToScout.Run> fetching =
        runs.values().stream()
            .filter(run -> run.key.run().startsWith(ask.computing().beginning()))
            .map(run -> words(run, ask.computing().address()))
            .toList();
    ask.replyTo().tell(ask.computing().with(fetching));
    return Behaviors.same();
  }

  private static ToScout.Run words(Run run, String here) {
    Address command = run.coordinator.path().address();
    String from = command.getHost().orElse("") + ":" + command.getPort().orElse(0);
    return new ToScout.Run(
        run.key, "download to " + run.download.directory(), command.hasGlobalScope() ? from : here);
  }

  private Behavior<Command> onCancelRun(CancelRun cancel) {
    find(cancel.run())
        .ifPresent(
            run -> {
              context.getLog().info("[{}] asks to end download [{}]", cancel.by(), run.key);
              run.coordinator.tell(new ToDownload.Cancelled(run.key, machine.node(), cancel.by()));
            });
    return Behaviors.same();
  }

  // ---- transfers

  private void begin(Run run, HandOut handOut, long stamp) {
    long attempt = handOut.attempt();
    Fetcher fetcher = run.fetcher;
    if (run.trips.containsKey(attempt) || run.unacknowledged.containsKey(attempt)) {
      return;
    }
    Trip trip = new Trip(handOut, stamp + run.leaseNanos, run.throttle, calls(run, attempt));
    if (leaving) {
      report(run, handOut, Tried.Broken.lost("the node leaves"));
    } else if (fetcher == null || now() - trip.leaseEnd >= 0) {
      report(run, handOut, Tried.Broken.lost("its lease was over before it came"));
    } else {
      run.trips.put(attempt, trip);
      try {
        threads.execute(() -> self.tell(new Finished(run, trip, travel(run, fetcher, trip))));
      } catch (RejectedExecutionException e) {
        run.trips.remove(attempt);
        report(
            run, handOut, Tried.Broken.of("node busy", "the node has no thread left for it", true));
      }
    }
  }

  private Trip.Calls calls(Run run, long attempt) {
    return new Trip.Calls() {
      @Override
      public void landed() {
        run.coordinator.tell(new ToDownload.Landed(run.key, machine.node(), attempt));
      }

      @Override
      public void redirected(int hop, String host) {
        run.coordinator.tell(
            new ToDownload.Redirected(run.key, machine.node(), attempt, hop, host));
      }
    };
  }

  /** The whole transfer, on its own thread. */
  private Tried travel(Run run, Fetcher fetcher, Trip trip) {
    trip.begin();
    try {
      if (trip.isCancelled()) {
        return Tried.Broken.lost(trip.why());
      }
      Fetched fetched = fetcher.fetch(trip.handOut, trip);
      Path file = fetched.file();
      if (file != null && fetched.tried() instanceof Tried.Ok && run.streams()) {
        return stream(run, trip, file, fetched.tried());
      }
      boolean broken = fetched.tried() instanceof Tried.Broken;
      return broken && trip.isCancelled() ? Tried.Broken.lost(trip.why()) : fetched.tried();
    } catch (InterruptedException e) {
      return Tried.Broken.lost(trip.why());
    } catch (IOException | RuntimeException | LinkageError | AssertionError e) {
      return trip.isCancelled()
          ? Tried.Broken.lost(trip.why())
          : Tried.Broken.of("internal", String.valueOf(e), true);
    } finally {
      trip.end();
    }
  }

  private Tried stream(Run run, Trip trip, Path file, Tried fetched)
      throws IOException, InterruptedException {
    long attempt = trip.handOut.attempt();
    try {
      Upload.send(
          file,
          trip,
          settings.resend(),
          (offset, bytes) ->
              run.coordinator.tell(
                  new ToDownload.Part(run.key, machine.node(), attempt, offset, bytes)));
      return trip.isCancelled() ? Tried.Broken.lost(trip.why()) : fetched;
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Behavior<Command> onFinished(Finished finished) {
    Run run = finished.run();
    run.trips.remove(finished.trip().handOut.attempt());
    report(run, finished.trip().handOut, finished.tried());
    if (run.over) {
      end(run);
    }
    settleDrain();
    return Behaviors.same();
  }

  private void report(Run run, HandOut handOut, Tried tried) {
    Report report = new Report(handOut.attempt(), handOut.item(), tried);
    if (!run.over) {
      run.unacknowledged.put(handOut.attempt(), report);
      run.sentAt = run.unacknowledged.size() == 1 ? now() : run.sentAt;
    }
    send(run, List.of(report));
  }

  private void send(Run run, Collection<Report> reports) {
    List<Report> some = new ArrayList<>();
    int characters = 0;
    for (Report report : reports) {
      int size = report.toString().length();
      if (!some.isEmpty() && characters + size > MESSAGE_CHARACTERS) {
        run.coordinator.tell(new ToDownload.Ended(run.key, machine.node(), now(), some));
        some = new ArrayList<>();
        characters = 0;
      }
      some.add(report);
      characters += size;
    }
    run.coordinator.tell(new ToDownload.Ended(run.key, machine.node(), now(), some));
  }

  private void close(Trip trip, String why) {
    for (Runnable closer : trip.cancel(why)) {
      closing.execute(closer);
    }
  }

  // ---- time

  /** Closes what has no lease any more, and sends again what nobody acknowledged. */
  private Behavior<Command> onTick() {
    long now = now();
    for (Run run : runs.values()) {
      for (Trip trip : run.trips.values()) {
        if (now - trip.leaseEnd >= 0 && !trip.isCancelled()) {
          context.getLog().info("closed [{}]: its lease is over", trip.handOut.attempt());
          close(trip, "its lease ran out");
        }
      }
      if (!run.unacknowledged.isEmpty() && now - run.sentAt >= settings.resend().toNanos()) {
        run.sentAt = now;
        send(run, run.unacknowledged.values());
      }
    }
    return Behaviors.same();
  }

  private Behavior<Command> onRenew() {
    long memory = machine.memory().getAsLong();
    for (Run run : runs.values()) {
      if (run.fetcher != null) {
        run.trips.values().forEach(Trip::remind);
        List<Moving> moving =
            run.trips.values().stream()
                .map(trip -> new Moving(trip.handOut.attempt(), trip.bytes(), trip.length()))
                .toList();
        run.coordinator.tell(new ToDownload.Alive(run.key, machine.node(), now(), moving, memory));
      }
    }
    return Behaviors.same();
  }

  // ---- the end of a run

  private void hear(RunKey key) {
    Silent silent = new Silent(key);
    if (find(key).isPresent()) {
      timers.startSingleTimer(silent, silent, settings.lease().silence());
    }
  }

  private Behavior<Command> onLivenessClosed(LivenessClosed closed) {
    if (find(closed.run()).isPresent()) {
      Orphaned orphaned = new Orphaned(closed.run());
      timers.startSingleTimer(orphaned, orphaned, settings.lease().orphaned());
    }
    return Behaviors.same();
  }

  private Behavior<Command> onLivenessOpened(LivenessOpened opened) {
    timers.cancel(new Orphaned(opened.run()));
    return Behaviors.same();
  }

  private Behavior<Command> onGone(RunKey key, String why) {
    find(key)
        .ifPresent(
            run -> {
              context.getLog().info("dropped download [{}]: {}", key, why);
              drop(run, why);
            });
    return Behaviors.same();
  }

  /** The run ends here once all its transfers have. */
  private void drop(Run run, String why) {
    run.over = true;
    forget(run);
    run.unacknowledged.clear();
    run.trips.values().forEach(trip -> close(trip, why));
    end(run);
  }

  private void forget(Run run) {
    runs.remove(run.key.run(), run);
    timers.cancel(new Orphaned(run.key));
    timers.cancel(new Silent(run.key));
    if (runs.isEmpty()) {
      timers.cancel(Tick.INSTANCE);
      timers.cancel(Renew.INSTANCE);
    }
    settleDrain();
  }

  private void end(Run run) {
    if (!run.opened || !run.trips.isEmpty()) {
      return;
    }
    Fetcher fetcher = run.fetcher;
    ToDownload.Departed departed = new ToDownload.Departed(run.key, machine.node());
    closing.execute(
        () -> {
          try (fetcher) {
            // Closing is all that is left to do.
          } catch (IOException | RuntimeException e) {
            log.warn("Ending download [{}] failed", run.key, e);
          }
          run.coordinator.tell(departed);
        });
  }

  // ---- leaving

  private Behavior<Command> onDrain(Drain drain) {
    drainers.add(drain.replyTo());
    if (!leaving) {
      leaving = true;
      for (Run run : runs.values()) {
        run.coordinator.tell(new ToDownload.Departing(run.key, machine.node()));
        run.trips.values().forEach(trip -> close(trip, "the node leaves"));
      }
    }
    settleDrain();
    return Behaviors.same();
  }

  private void settleDrain() {
    boolean quiet =
        runs.values().stream().allMatch(run -> run.trips.isEmpty() && run.unacknowledged.isEmpty());
    if (leaving && quiet) {
      List.copyOf(runs.values()).forEach(run -> run.over = true);
      for (Run run : List.copyOf(runs.values())) {
        runs.remove(run.key.run());
        end(run);
      }
      drainers.forEach(drainer -> drainer.tell(Drained.INSTANCE));
      drainers.clear();
    }
  }

  private Behavior<Command> onStop() {
    runs.values().forEach(run -> run.trips.values().forEach(trip -> close(trip, "the node ends")));
    threads.shutdown();
    closing.shutdown();
    return Behaviors.same();
  }

  private Optional<Run> find(RunKey key) {
    return Optional.ofNullable(runs.get(key.run())).filter(run -> run.key.equals(key));
  }

  private long now() {
    return machine.nanoTime().getAsLong();
  }
}
