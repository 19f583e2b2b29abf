package io.divvy.node.download.list;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MarksTest {

  @Test
  void theTableAnswersAsAMapDoes() {
    Random random = new Random(7);
    Marks marks = new Marks();
    Map<Mark, Long> map = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      Mark mark = Mark.of(Integer.toString(random.nextInt(20_000)));
      assertThat(marks.get(mark)).isEqualTo(map.getOrDefault(mark, Marks.ABSENT));
      marks.put(mark, i);
      map.put(mark, (long) i);
    }

    assertThat(marks.size()).isEqualTo(map.size());
    long[] sum = new long[1];
    marks.forEach(value -> sum[0] += value);
    assertThat(sum[0]).isEqualTo(map.values().stream().mapToLong(Long::longValue).sum());
  }

  @Test
  void marksThatAreNeighboursOrZeroAreToldApart() {
    Marks marks = new Marks();
    for (int i = 0; i < 100; i++) {
      marks.put(new Mark(-1, i), i);
      marks.put(new Mark(0, i), 1000 + i);
    }
    for (int i = 0; i < 100; i++) {
      assertThat(marks.get(new Mark(-1, i))).isEqualTo(i);
      assertThat(marks.get(new Mark(0, i))).isEqualTo(1000 + i);
    }
    assertThat(marks.get(new Mark(0, 100))).isEqualTo(Marks.ABSENT);
  }

  @Test
  void aMarkKeepsItsTextsApart() {
    assertThat(Mark.of("a", "bc")).isNotEqualTo(Mark.of("ab", "c"));
    assertThat(Mark.of("a").hex()).hasSize(32).isEqualTo(Mark.of("a").hex());
  }
}
