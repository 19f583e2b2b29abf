package io.divvy.node.launch;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVMs of one command. One that dies is followed at once by another of the same name, until it
 * died too often without having done anything. Its methods may be called from any thread.
 */
public final class Children {
  private static final Logger LOG = LoggerFactory.getLogger(Children.class);

  private static final int DEATHS = 5;
  private static final Duration LONG_LIFE = Duration.ofSeconds(60);

  private final Duration startTimeout;
  private final Map<String, Kept> kept = new LinkedHashMap<>();
  private boolean closed;

  /** Told what becomes of the JVMs, from many threads; never after {@link #close}. */
  public interface Watcher {

    /** A successor was started; it cannot take work yet. */
    void started(long pid);

    /** It can take work. */
    void ready(NodeAddress address);

    /** It is gone; {@code restarting} tells whether a successor is about to be started. */
    void died(String name, long pid, Death death, boolean restarting);

    /** It is not started again; {@code why} is a clause. */
    void givenUp(String name, String why);
  }

  /** One name, and the JVM that has it now. */
  private static final class Kept {
    private final ChildOptions options;
    private final RestartBudget budget = new RestartBudget(DEATHS, LONG_LIFE);
    private ChildJvm child;
    private long startedAt = System.nanoTime();

    Kept(ChildOptions options, ChildJvm child) {
      this.options = options;
      this.child = child;
    }
  }

  /**
   * None yet.
   *
   * @param startTimeout how long each has until it can take work; later it is killed
   */
  public Children(Duration startTimeout) {
    this.startTimeout = startTimeout;
  }

  /** Starts a JVM and does not wait for it. */
  public synchronized ChildJvm start(ChildOptions options) throws IOException {
    ChildJvm child = ChildJvm.start(options, startTimeout);
    kept.put(options.name(), new Kept(options, child));
    return child;
  }

  /** From now on successors are started. All that were started are told of, ready or dead. */
  public synchronized void keep(Watcher watcher) {
    kept.values().forEach(each -> watch(each, each.child, watcher));
  }

  /** The JVM of this name and process did something worth its start. */
  public synchronized void progressed(String name, long pid) {
    Kept one = kept.get(name);
    if (one != null && one.child.pid() == pid) {
      one.budget.progressed();
    }
  }

  /** The work went on in a way that no single JVM can be credited with. */
  public synchronized void progressed() {
    kept.values().forEach(each -> each.budget.progressed());
  }

  /** Ends all of them, those that are starting too, and returns when none is left. */
  public void close() throws InterruptedException {
    List<ChildJvm> all = new ArrayList<>();
    synchronized (this) {
      closed = true;
      kept.values().forEach(each -> all.add(each.child));
    }
    ChildJvm.stop(all);
  }

  private void watch(Kept one, ChildJvm child, Watcher watcher) {
    CompletableFuture<Void> ready = child.ready().thenAccept(watcher::ready).toCompletableFuture();
    CompletableFuture<Void> dead =
        child
            .death()
            .thenAccept(death -> onDeath(one, child, death, watcher))
            .toCompletableFuture();
    CompletableFuture<Void> unused = CompletableFuture.allOf(ready, dead);
  }

  private void onDeath(Kept one, ChildJvm child, Death death, Watcher watcher) {
    synchronized (this) {
      if (closed) {
        return;
      }
      boolean again =
          death.exitCode() == Death.THREAD_NOT_STOPPED
              || one.budget.died(
                  Duration.ofNanos(System.nanoTime() - one.startedAt), death.fromOutside());
      watcher.died(child.name(), child.pid(), death, again);
      String problem =
          again
              ? restart(one, watcher)
              : "it died too often without a result, and is not started again; the last time: "
                  + death.words();
      if (problem != null) {
        LOG.warn("[{}] is given up: {}", child.name(), problem);
        watcher.givenUp(child.name(), problem);
      }
    }
  }

  /** Answers what went wrong, or null. */
  private @Nullable String restart(Kept one, Watcher watcher) {
    try {
      one.child = ChildJvm.start(one.options, startTimeout);
      one.startedAt = System.nanoTime();
    } catch (IOException e) {
      return "it cannot be started again: " + e.getMessage();
    }
    LOG.info("[{}] is started again, as pid [{}]", one.child.name(), one.child.pid());
    watcher.started(one.child.pid());
    watch(one, one.child, watcher);
    return null;
  }
}
