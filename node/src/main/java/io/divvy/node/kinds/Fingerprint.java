package io.divvy.node.kinds;

import io.divvy.job.JobKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;

/**
 * Which code a kind has: a hash over its class file, those of its nested classes, and its
 * parameters. Code elsewhere that the kind calls does not count.
 */
final class Fingerprint {
  private static final int BYTES = 8;

  private Fingerprint() {}

  static String of(JobKind kind) {
    Class<?> type = kind.getClass();
    MessageDigest digest = sha256();
    for (RecordComponent component : type.getRecordComponents()) {
      String text = component.getName() + ' ' + component.getType().getName() + '\n';
      digest.update(text.getBytes(StandardCharsets.UTF_8));
    }
    // Nestmates are also the class around the kind and its other members: those are not its code.
    Arrays.stream(type.getNestMembers())
        .filter(member -> member == type || member.getName().startsWith(type.getName() + "$"))
        .sorted(Comparator.comparing(Class::getName))
        .forEach(member -> digest.update(classFile(member)));
    return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
  }

  private static byte[] classFile(Class<?> type) {
    String simple = type.getName().substring(type.getPackageName().length());
    String file = (simple.startsWith(".") ? simple.substring(1) : simple) + ".class";
    try (InputStream in = type.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("no class file of " + type.getName());
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the class file of " + type.getName(), e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
