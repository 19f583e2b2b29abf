package io.divvy.node.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DigestsTest {

  @Test
  void itIsThatOfTheFilesInTheOrderOfTheListWhicheverEndsFirst() throws Exception {
    Digests digests = new Digests();
    digests.put(2, sha256("c"));
    digests.put(0, sha256("a"));
    digests.put(1, sha256("b"));

    assertThat(digests.digest()).isEqualTo(expected("a", "b", "c"));
  }

  @Test
  void whatIsNotThereIsPassedOver() throws Exception {
    Digests digests = new Digests();
    digests.put(100_000, sha256("last"));
    digests.put(63, sha256("a"));
    digests.put(64, sha256("b"));

    assertThat(digests.digest()).isEqualTo(expected("a", "b", "last"));
  }

  @Test
  void ofNothingItIsThatOfNothing() throws Exception {
    assertThat(new Digests().digest()).isEqualTo(expected());
  }

  private static String expected(String... contents) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String content : contents) {
      all.writeBytes(new byte[] {0, 0, 0, 32});
      all.writeBytes(HexFormat.of().parseHex(sha256(content)));
    }
    return "sha256:" + hex(all.toByteArray());
  }

  private static String sha256(String text) throws Exception {
    return hex(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String hex(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
