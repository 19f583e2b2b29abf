package io.divvy.node.boot;

import com.typesafe.config.Config;
import java.net.BindException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Await;
import scala.concurrent.duration.FiniteDuration;

/** Starts and ends the actor system of a JVM. */
public final class Systems {

  /** The name of the actor system of every node, and so of the cluster. */
  public static final String NODE = "divvy";

  /** The name of the actor system of every command. */
  public static final String COMMAND = "divvy-command";

  private Systems() {}

  /**
   * Starts an actor system.
   *
   * <p>On a thread of its own: Pekko complains at length on stderr when the one that starts it is
   * interrupted.
   *
   * @param config one of {@link io.divvy.config.PekkoConfig}
   * @throws CannotStart when it cannot listen. Threads of it may live on: the JVM has to be ended
   *     with {@code System.exit} or {@code halt}
   * @throws InterruptedException when the JVM is to end; nobody waits for the system then
   */
  public static <T> ActorSystem<T> start(Behavior<T> guardian, String name, Config config)
      throws CannotStart, InterruptedException {
    FutureTask<ActorSystem<T>> starting =
        new FutureTask<>(() -> ActorSystem.create(guardian, name, config));
    Thread starter = new Thread(starting, "divvy-start");
    starter.setDaemon(true);
    starter.setContextClassLoader(PekkoDefaults.loader());
    starter.start();
    try {
      return starting.get();
    } catch (ExecutionException e) {
      throw new CannotStart(config, e.getCause() == null ? e : e.getCause());
    }
  }

  /** Where it is reached, as HOST:PORT; empty when it uses no network. */
  public static String address(ActorSystem<?> system) {
    Address address = system.address();
    return address.getHost().map(host -> host + ":" + address.getPort().orElse(0)).orElse("");
  }

  /** Ends it, and waits for that at most this long. */
  public static void stop(ActorSystem<?> system, long timeout, TimeUnit unit)
      throws InterruptedException {
    system.terminate();
    try {
      Await.ready(system.whenTerminated(), FiniteDuration.create(timeout, unit));
    } catch (TimeoutException e) {
      system.log().warn("The actor system did not end within {} {}", timeout, unit);
    }
  }

  /** An actor system could not start; the message is one line. */
  public static final class CannotStart extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean portTaken;

    CannotStart(Config config, Throwable cause) {
      super(message(config, cause), cause);
      this.portTaken = find(cause, BindException.class) != null;
    }

    /**
     * Whether it was because something else listens at the address already, or may not be bound.
     */
    public boolean portTaken() {
      return portTaken;
    }

    private static String message(Config config, Throwable cause) {
      @Nullable BindException bind = find(cause, BindException.class);
      if (bind != null) {
        return "cannot listen at "
            + config.getString("pekko.remote.artery.canonical.hostname")
            + ":"
            + config.getInt("pekko.remote.artery.canonical.port")
            + ": "
            + bind.getMessage();
      }
      return "cannot start: " + String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    private static <E extends Throwable> @Nullable E find(Throwable thrown, Class<E> type) {
      for (@Nullable Throwable t = thrown; t != null; t = t.getCause()) {
        if (type.isInstance(t)) {
          return type.cast(t);
        }
      }
      return null;
    }
  }
}
