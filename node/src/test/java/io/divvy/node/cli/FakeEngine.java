package io.divvy.node.cli;

import io.divvy.config.DivvySettings;
import io.divvy.coordinator.RunOutcome;
import io.divvy.coordinator.RunOutcome.ItemFailure;
import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.download.DownloadCoordinator.Ends;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.coordinator.download.Entry;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.coordinator.journal.Keeper;
import io.divvy.coordinator.merge.ItemSink;
import io.divvy.coordinator.merge.Merge;
import io.divvy.job.Codec;
import io.divvy.job.MapKind;
import io.divvy.job.Numbers;
import io.divvy.job.ReduceKind;
import io.divvy.job.Work;
import io.divvy.node.hardware.ContainerLimits;
import io.divvy.node.hardware.Machine;
import io.divvy.node.input.HostPort;
import io.divvy.node.member.NodeOptions;
import io.divvy.node.model.ClusterRuns;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Model;
import io.divvy.node.model.RunPlan;
import io.divvy.node.model.Workforce;
import io.divvy.protocol.DownloadSpec;
import io.divvy.protocol.Durations;
import io.divvy.protocol.Interval;
import io.divvy.protocol.NodeInfo;
import io.divvy.protocol.Payload;
import io.divvy.protocol.RunKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Computes everything at once on the thread that asks, and misbehaves as told. */
final class FakeEngine implements Engine {

  final List<String> story = new ArrayList<>();
  final Map<Model, Double> secondsOf = new EnumMap<>(Model.class);
  final Set<Long> failing = new HashSet<>();
  final CountDownLatch running = new CountDownLatch(1);
  final List<ClusterRuns.Led> clusterRuns = new ArrayList<>();
  String digest = "sha256:00";
  Optional<Model> liar = Optional.empty();
  Optional<Model> unreachable = Optional.empty();
  Optional<String> losing = Optional.empty();
  boolean endless;
  boolean lazy;
  Optional<RuntimeException> bug = Optional.empty();
  Optional<NodeOptions> node = Optional.empty();
  Optional<Workforce> workforce = Optional.empty();
  final List<RunPlan> plans = new ArrayList<>();

  /** What was run last. */
  RunPlan plan() {
    return plans.get(plans.size() - 1);
  }

  @Override
  public Fleet start(
      Model model, Workforce asked, DivvySettings settings, List<String> childArguments)
      throws Fleet.UnreachableException {
    story.add("start " + model.word());
    workforce = Optional.of(asked);
    if (unreachable.isPresent() && unreachable.get() == model) {
      throw new Fleet.UnreachableException("no node answers at 127.0.0.1:1; start one");
    }
    return new FakeFleet(model);
  }

  @Override
  public ClusterRuns runs(List<HostPort> addresses, Optional<String> host, DivvySettings settings)
      throws Fleet.UnreachableException {
    story.add("runs at " + addresses);
    if (unreachable.isPresent()) {
      throw new Fleet.UnreachableException("no node answers at 127.0.0.1:1; start one");
    }
    return new ClusterRuns() {
      @Override
      public List<Led> led(String beginning) {
        return clusterRuns.stream().filter(led -> led.run().startsWith(beginning)).toList();
      }

      @Override
      public boolean cancel(Led led) {
        story.add("cancel " + led.run());
        return clusterRuns.remove(led);
      }

      @Override
      public void close() {
        story.add("close runs");
      }
    };
  }

  @Override
  public int node(NodeOptions words, DivvySettings settings) {
    node = Optional.of(words);
    return 0;
  }

  @Override
  public Machine machine() {
    return new Machine(
        "Abacus 9",
        "wood",
        OptionalInt.of(1),
        OptionalInt.of(2),
        new ContainerLimits(OptionalDouble.empty(), OptionalLong.empty()),
        2,
        "all logical processors, no limit",
        OptionalLong.of(8_000_000_000L),
        OptionalLong.empty(),
        Optional.empty());
  }

  @Override
  public int usableCores() {
    return 2;
  }

  @Override
  public Optional<Path> log(Throwable failure) {
    return Optional.of(Path.of("/log/divvy.log"));
  }

  private final class FakeFleet implements Fleet {
    private final Model model;
    private final CountDownLatch interrupted = new CountDownLatch(1);

    FakeFleet(Model model) {
      this.model = model;
    }

    @Override
    public Model model() {
      return model;
    }

    @Override
    public double startSeconds() {
      return model == Model.PROCESSES ? 1 : 0;
    }

    @Override
    public DownloadOutcome download(
        DownloadSpec spec, Limits limits, Ends ends, Consumer<JobEvent> listener)
        throws IOException {
      long items = 0;
      for (List<Entry> next = ends.source().next(1);
          !next.isEmpty();
          next = ends.source().next(1)) {
        items += next.size();
      }
      story.add("fetch " + model.word() + " " + items);
      long failed = failing.size();
      return new DownloadOutcome(
          new RunKey("00ff", 0),
          failed == 0 ? Status.DONE : Status.FAILED_ITEMS,
          items,
          true,
          items - failed,
          0,
          failed,
          0,
          Map.of(),
          100,
          items,
          0,
          0,
          List.of(),
          nodes(),
          secondsOf.getOrDefault(model, 0.5),
          -1,
          null);
    }

    @Override
    public RunOutcome run(RunPlan asked, ItemSink sink, Keeper keeper, Consumer<JobEvent> listener)
        throws IOException, InterruptedException {
      plans.add(asked);
      story.add("run " + model.word());
      if (bug.isPresent()) {
        throw bug.get();
      }
      running.countDown();
      if (losing.equals(Optional.of(asked.spec().kind()))) {
        return outcome(asked, Status.LOST, 0, List.of(), "", "all nodes are lost: n1: fire");
      }
      if (endless) {
        interrupted.await();
        return outcome(asked, Status.INTERRUPTED, 1, List.of(), "3");
      }
      try {
        return asked.kind() instanceof MapKind<?> map
            ? map(asked, map, sink, listener)
            : reduce(asked, (ReduceKind<?>) asked.kind(), listener);
      } catch (IOException | InterruptedException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private <V> RunOutcome map(
        RunPlan asked, MapKind<V> kind, ItemSink sink, Consumer<JobEvent> listener)
        throws Exception {
      Numbers numbers = asked.spec().numbers();
      List<ItemFailure> failures = new ArrayList<>();
      String first = "";
      for (long index = 0; index < numbers.count(); index++) {
        long number = numbers.at(index);
        if (failing.contains(number)) {
          failures.add(new ItemFailure(index, "no " + number + "\nnot today", "at Fake"));
          sink.failed(index);
          continue;
        }
        if (lazy) {
          continue;
        }
        V value = kind.apply(number, never());
        Codec<V> codec = kind.codec();
        first = index == 0 ? codec.line(value) : first;
        sink.item(
            index,
            new Payload.Item(
                codec.encode(value),
                codec.line(value),
                kind.displayLine(number, value).orElse(null),
                1_500_000),
            new Merge.Origin("n1", 1));
        listener.accept(
            new JobEvent.Counted(
                nodes().get(0), 1, new Interval(index, index + 1), Durations.ZERO));
      }
      return outcome(
          asked,
          failures.isEmpty() ? Status.DONE : Status.FAILED_ITEMS,
          numbers.count() - failures.size(),
          failures,
          first);
    }

    private <V> RunOutcome reduce(RunPlan asked, ReduceKind<V> kind, Consumer<JobEvent> listener)
        throws Exception {
      Numbers numbers = asked.spec().numbers();
      String line = kind.codec().line(kind.reduce(numbers, never()));
      listener.accept(
          new JobEvent.Counted(
              nodes().get(0), 1, new Interval(0, numbers.count()), Durations.ZERO));
      return outcome(asked, Status.DONE, numbers.count(), List.of(), line);
    }

    private Work never() {
      return () -> false;
    }

    private List<NodeInfo> nodes() {
      int count = model == Model.PROCESSES ? 2 : model == Model.CLUSTER ? 3 : 1;
      List<NodeInfo> nodes = new ArrayList<>();
      for (int i = 1; i <= count; i++) {
        nodes.add(new NodeInfo("n" + i, "", 4710 + i, 1, "here", 2, 0, "0", Map.of()));
      }
      return nodes;
    }

    private RunOutcome outcome(
        RunPlan asked, Status status, long done, List<ItemFailure> failures, String result) {
      return outcome(asked, status, done, failures, result, null);
    }

    private RunOutcome outcome(
        RunPlan asked,
        Status status,
        long done,
        List<ItemFailure> failures,
        String result,
        @Nullable String problem) {
      long items = asked.spec().count();
      return new RunOutcome(
          new RunKey("00ff", 0),
          status,
          items,
          done,
          failures.size(),
          items - done - failures.size(),
          List.of(),
          failures,
          result,
          liar.isPresent() && liar.get() == model ? "sha256:11" : digest,
          4,
          0,
          0,
          0,
          List.of(),
          nodes(),
          model == Model.SEQUENTIAL ? 1 : 2,
          secondsOf.getOrDefault(model, 0.5),
          Map.of("capacity", 1.0),
          -1,
          problem,
          null);
    }

    @Override
    public void interrupt() {
      interrupted.countDown();
    }

    @Override
    public long peakMemoryBytes() {
      return 88_000_000;
    }

    @Override
    public void close() {
      story.add("close " + model.word());
    }
  }
}
