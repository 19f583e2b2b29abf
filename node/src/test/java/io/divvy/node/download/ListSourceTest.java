package io.divvy.node.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.download.Entry;
import io.divvy.node.download.list.UrlList;
import io.divvy.node.download.manifest.Manifest;
import io.divvy.node.download.place.Store;
import io.divvy.node.download.place.Template;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListSourceTest {

  @TempDir Path folder;

  @Test
  void permitsAreCountedForAHostHoweverItIsSpelled() throws Exception {
    assertThat(hosts("http://h.test/a", "http://H.TEST./b", "https://h.test./c", "http://[::1]:8/"))
        .containsExactly("h.test:80", "h.test:80", "h.test:443", "[0:0:0:0:0:0:0:1]:8");
  }

  private List<String> hosts(String... lines) throws Exception {
    byte[] list = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    Manner manner =
        new Manner(folder, Template.lastSegment(), Manner.Again.MISSING, Optional.empty(), true);
    try (Store store = Store.open(folder, 0);
        Manifest manifest = Manifest.open(store);
        UrlList urls = new UrlList(new ByteArrayInputStream(list))) {
      return new ListSource(urls, manner, store, manifest, new Digests())
          .next(lines.length).stream().map(entry -> ((Entry.Wanted) entry).host()).toList();
    }
  }
}
