package io.divvy.node.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.divvy.coordinator.merge.Merge;
import io.divvy.job.Numbers;
import io.divvy.protocol.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamedItemsTest {
  private final List<String> lines = new ArrayList<>();

  @Test
  void whatIsMissingBeforeAnItemIsTold() throws Exception {
    write(new StreamedItems(ItemLines.VALUES, new Numbers(10, 1, 10), lines::add));
    assertThat(lines).containsExactly("a", "!missing 1..3", "b", "!missing 4..6", "!failed 6");
  }

  @Test
  void inJsonItIsToldByItsNumbers() throws Exception {
    write(new StreamedItems(ItemLines.JSONL, new Numbers(10, 1, 10), lines::add));
    assertThat(lines.get(1)).isEqualTo("{\"from\":11,\"to\":12,\"missing\":2}");
    assertThat(lines).hasSize(5);
  }

  private void write(StreamedItems items) throws IOException {
    Merge.Origin origin = new Merge.Origin("n1", 1);
    items.item(0, item("a"), origin);
    items.item(3, item("b"), origin);
    items.failed(6);
  }

  private static Payload.Item item(String line) {
    return new Payload.Item(new byte[0], line, null, 0);
  }
}
