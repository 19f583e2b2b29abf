package io.divvy.node.model;

import io.divvy.config.DivvySettings;
import io.divvy.coordinator.Coordinator;
import io.divvy.coordinator.Restored;
import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.RunSettings;
import io.divvy.coordinator.Safekeeping;
import io.divvy.coordinator.download.DownloadCoordinator;
import io.divvy.coordinator.download.DownloadCoordinator.Ends;
import io.divvy.coordinator.download.DownloadCoordinator.World;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.coordinator.download.DownloadSettings;
import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.event.Listening;
import io.divvy.coordinator.journal.Keeper;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.coordinator.merge.Merge;
import io.divvy.coordinator.merge.Merges;
import io.divvy.node.boot.Systems;
import io.divvy.node.hardware.PeakMemory;
import io.divvy.protocol.DownloadSpec;
import io.divvy.protocol.RunKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.jspecify.annotations.Nullable;

/**
 * Workers that are actors, wherever they live: the models differ only in who started their nodes,
 * and stops them.
 */
final class ActorFleet implements Fleet {

  private static final long STOP_SECONDS = 5;

  private final Model model;
  private final DivvySettings settings;
  private final ActorSystem<Roster.Command> system;
  private final PeakMemory memory;
  private final Consumer<JobEvent> watch;
  private final Runnable stopNodes;
  private final double startSeconds;
  private final Path scratch;
  private volatile @Nullable Merge merging;
  private final AtomicBoolean closed = new AtomicBoolean();
  private long peakOfNodes;

  /**
   * A fleet whose nodes are ready.
   *
   * @param watch told of every event before whoever asked for the run
   * @param stopNodes stops what was started beside the actor system, and waits for that
   * @param scratch a folder for segment files
   */
  ActorFleet(
      Model model,
      DivvySettings settings,
      ActorSystem<Roster.Command> system,
      PeakMemory memory,
      Consumer<JobEvent> watch,
      Runnable stopNodes,
      double startSeconds,
      Path scratch) {
    this.model = model;
    this.settings = settings;
    this.system = system;
    this.memory = memory;
    this.watch = watch;
    this.stopNodes = stopNodes;
    this.startSeconds = startSeconds;
    this.scratch = scratch;
  }

  @Override
  public Model model() {
    return model;
  }

  @Override
  public double startSeconds() {
    return startSeconds;
  }

  @Override
  public RunOutcome run(RunPlan plan, ItemSink sink, Keeper keeper, Consumer<JobEvent> listener)
      throws IOException, InterruptedException {
    RunKey key = keeper.run();
    Merge merge =
        Verifying.of(
            Merges.of(plan.kind(), plan.spec().count(), sink, settings.merge(), scratch),
            plan,
            key);
    merging = merge;
    Safekeeping safe = safekeeping(plan, merge, keeper);
    RunSettings run =
        new RunSettings(
            key,
            plan.spec(),
            plan.kind(),
            plan.workers(),
            plan.nodes(),
            plan.chunk(),
            plan.care(),
            model != Model.THREADS,
            model == Model.CLUSTER || endsChildren(plan),
            settings.chunks(),
            settings.leases());
    RunOutcome result =
        lead(
            key,
            listener,
            (listening, outcome) ->
                Lead.computing(
                    Coordinator.create(run, safe, listening, outcome, System::nanoTime)));
    peakOfNodes = Math.max(peakOfNodes, result.nodesMemoryBytes());
    return Verifying.outcome(result, merge);
  }

  /** Whether a JVM with an item that does not stop is replaced: the next is worth waiting for. */
  private boolean endsChildren(RunPlan plan) {
    return model == Model.PROCESSES && plan.care().itemTimeout().isPresent();
  }

  private static Safekeeping safekeeping(RunPlan plan, Merge merge, Keeper keeper)
      throws IOException {
    boolean restored = false;
    try {
      Safekeeping safe =
          new Safekeeping(merge, keeper, Restored.from(keeper, merge, plan.kind(), plan.spec()));
      restored = true;
      return safe;
    } finally {
      if (!restored) {
        merge.close();
      }
    }
  }

  @Override
  public DownloadOutcome download(
      DownloadSpec spec, Limits limits, Ends ends, Consumer<JobEvent> listener)
      throws IOException, InterruptedException {
    RunKey key = RunKey.random();
    DownloadSettings run =
        new DownloadSettings(key, spec, limits, model == Model.CLUSTER, settings.leases());
    World world = new World(System::nanoTime, () -> ThreadLocalRandom.current().nextDouble());
    DownloadOutcome result =
        lead(
            key,
            listener,
            (listening, outcome) ->
                Lead.downloading(DownloadCoordinator.create(run, ends, listening, outcome, world)));
    peakOfNodes = Math.max(peakOfNodes, result.nodesMemoryBytes());
    return result;
  }

  /** Has a coordinator lead a run, and waits for what it completes. */
  private <T> T lead(
      RunKey key,
      Consumer<JobEvent> listener,
      BiFunction<Listening, CompletableFuture<T>, Lead.Start> coordinator)
      throws IOException, InterruptedException {
    Listening listening = new Listening(watch.andThen(listener));
    CompletableFuture<T> outcome = new CompletableFuture<>();
    CompletableFuture<Void> ended = new CompletableFuture<>();
    // A coordinator that fails completes nothing; its end does then.
    CompletableFuture<Void> unused =
        ended.thenRun(
            () ->
                outcome.completeExceptionally(
                    new IllegalStateException("the coordinator ended without an outcome")));
    memory.begin();
    system.tell(new Roster.Begin(key, coordinator.apply(listening, outcome), ended));
    try {
      T result = outcome.get();
      ended.get();
      return result;
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      memory.end();
      listening.finish();
    }
  }

  private static IOException failure(ExecutionException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return io;
      }
    }
    throw new IllegalStateException("the run failed", e);
  }

  @Override
  public void interrupt() {
    Verifying.stop(merging);
    system.tell(Roster.Interrupt.INSTANCE);
  }

  @Override
  public long peakMemoryBytes() {
    long own = memory.bytes();
    return model == Model.CLUSTER && own >= 0 ? own + Math.max(0, peakOfNodes) : own;
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      // While the nodes live: it would wait for them to take its last messages.
      Systems.stop(system, STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopNodes.run();
    }
  }
}
