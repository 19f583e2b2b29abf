package io.divvy.coordinator.download;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A thread for what may block, so that it never holds up the coordinator; it works in order. */
final class OwnThread {

  private final ExecutorService thread;

  OwnThread(String name) {
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  <T> CompletionStage<T> call(Callable<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.call();
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        thread);
  }

  /** Ends the thread once it has done what it was told before. */
  void end() {
    thread.shutdown();
  }
}
