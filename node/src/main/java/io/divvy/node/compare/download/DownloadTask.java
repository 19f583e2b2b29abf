package io.divvy.node.compare.download;

import io.divvy.coordinator.RunOutcome.Status;
import io.divvy.coordinator.download.DownloadCoordinator.Ends;
import io.divvy.coordinator.download.DownloadOutcome;
import io.divvy.coordinator.download.DownloadSettings.Limits;
import io.divvy.coordinator.download.Entry;
import io.divvy.coordinator.download.Source;
import io.divvy.coordinator.event.JobEvent;
import io.divvy.node.compare.Rounds;
import io.divvy.node.compare.Trial;
import io.divvy.node.download.Download;
import io.divvy.node.download.Failure;
import io.divvy.node.download.FetchOptions;
import io.divvy.node.download.Manner;
import io.divvy.node.download.list.UrlList;
import io.divvy.node.download.place.Template;
import io.divvy.node.input.UsageException;
import io.divvy.node.model.Fleet;
import io.divvy.node.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Fetches the whole list into the model's own folder, in every round anew. */
public final class DownloadTask implements Rounds.Task {

  /** The list, read from its beginning in every round. */
  public interface Urls {
    UrlList open() throws UsageException;
  }

  /**
   * How all models do it.
   *
   * @param names how files are called
   */
  public record Manners(Template names, FetchOptions options, Limits limits) {}

  private final Urls urls;
  private final ModelFolders folders;
  private final Manners manners;
  private final BiConsumer<Model, List<Failure>> failed;

  /**
   * @param failed told of the first failures of a round that had some
   */
  public DownloadTask(
      Urls urls, ModelFolders folders, Manners manners, BiConsumer<Model, List<Failure>> failed) {
    this.urls = urls;
    this.folders = folders;
    this.manners = manners;
    this.failed = failed;
  }

  @Override
  public Trial run(Fleet fleet, Consumer<JobEvent> listener)
      throws UsageException, IOException, InterruptedException {
    Path folder = folders.emptied(fleet.model());
    Manner manner =
        new Manner(folder, manners.names(), Manner.Again.MISSING, Optional.empty(), true);
    try (UrlList list = urls.open();
        Download download = Download.open(list, manner, manners.options())) {
      Ends ends = download.ends();
      Breadth breadth = new Breadth(ends.source(), manners.limits());
      DownloadOutcome outcome =
          fleet.download(
              download.spec(),
              manners.limits(),
              new Ends(breadth, ends.sink(), ends.receiver()),
              listener);
      download.finish(outcome.status() == Status.DONE || outcome.status() == Status.FAILED_ITEMS);
      if (!download.failures().isEmpty()) {
        failed.accept(fleet.model(), download.failures());
      }
      return Trial.of(
          outcome,
          download.digest(),
          fleet.model() == Model.SEQUENTIAL ? 1 : breadth.connections());
    }
  }

  /** Finds out while a list is read how many connections it can keep busy. */
  private static final class Breadth implements Source {
    private final Source source;
    private final Limits limits;
    private final Set<String> hosts = new HashSet<>();
    private long wanted;

    Breadth(Source source, Limits limits) {
      this.source = source;
      this.limits = limits;
    }

    @Override
    public synchronized List<Entry> next(int most) throws IOException {
      List<Entry> entries = source.next(most);
      for (Entry entry : entries) {
        if (entry instanceof Entry.Wanted next) {
          wanted++;
          if (hosts.size() < limits.connections()) {
            hosts.add(next.host());
          }
        }
      }
      return entries;
    }

    synchronized int connections() {
      long most = Math.min((long) hosts.size() * limits.perHost(), limits.connections());
      return (int) Math.max(1, Math.min(most, wanted));
    }
  }
}
