package io.divvy.node.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Hears SIGINT as often as it comes. The first time the JVM begins to end, as it would by itself;
 * the second time it is gone at once. Shutdown hooks alone do not hear a second signal.
 *
 * <p>Java has no other way than {@code sun.misc.Signal}, which a later one may not have: then all
 * is as the JVM does it. A SIGINT that whoever started the JVM has ignored stays ignored.
 */
final class CtrlC implements AutoCloseable {

  private final Runnable first;
  private final Runnable again;
  private final @Nullable Object before;
  private boolean heard;

  private CtrlC(Runnable first, Runnable again) {
    this.first = first;
    this.again = again;
    this.before = handle(this::onSignal);
  }

  /** From now on the JVM ends, with exit code 130, on the first signal; on the second at once. */
  static CtrlC listen() {
    return listen(
        () -> new Thread(() -> System.exit(ExitCodes.INTERRUPTED), "divvy-exit").start(),
        () -> Runtime.getRuntime().halt(ExitCodes.INTERRUPTED));
  }

  static CtrlC listen(Runnable first, Runnable again) {
    return new CtrlC(first, again);
  }

  /** All is as it was before. */
  @Override
  public void close() {
    if (before != null) {
      signal(before);
    }
  }

  private synchronized void onSignal() {
    (heard ? again : first).run();
    heard = true;
  }

  private static @Nullable Object handle(Runnable onSignal) {
    try {
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object own =
          Proxy.newProxyInstance(
              CtrlC.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                switch (method.getName()) {
                  case "handle" -> onSignal.run();
                  case "hashCode" -> {
                    return System.identityHashCode(proxy);
                  }
                  case "equals" -> {
                    return arguments != null && proxy == arguments[0];
                  }
                  case "toString" -> {
                    return "CtrlC";
                  }
                  default -> throw new UnsupportedOperationException(method.getName());
                }
                return null;
              });
      return signal(own);
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  /** Installs a handler; answers the one before, or null when that is not possible. */
  private static @Nullable Object signal(Object handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Object interrupt = signal.getConstructor(String.class).newInstance("INT");
      return signal
          .getMethod("handle", signal, Class.forName("sun.misc.SignalHandler"))
          .invoke(null, interrupt, handler);
    } catch (InvocationTargetException e) {
      return null; // the JVM was told to leave signals alone
    } catch (ReflectiveOperationException | LinkageError e) {
      return null;
    }
  }
}
