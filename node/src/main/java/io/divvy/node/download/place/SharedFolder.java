package io.divvy.node.download.place;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The proof that another JVM sees the same DIR: a file with a name and a text that nobody guesses.
 * That two machines have a folder of one name says nothing.
 */
public final class SharedFolder implements Closeable {

  private static final int BYTES = 16;
  private static final Pattern TOKEN = Pattern.compile("([0-9a-f]{32})\\.([0-9a-f]{32})");

  private final Path file;
  private final String token;

  private SharedFolder(Path file, String token) {
    this.file = file;
    this.token = token;
  }

  /** Writes the file, which goes again with {@link #close}. */
  public static SharedFolder write(Store store) throws StoreException {
    String name = random();
    String secret = random();
    Path file = file(store.dir(), name);
    try {
      Files.writeString(file, secret, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw StoreException.of("cannot write " + file, e);
    }
    return new SharedFolder(file, name + "." + secret);
  }

  /** What to tell the other JVM. */
  public String token() {
    return token;
  }

  /** Whether {@code dir} here is the DIR where the token was written. Makes and changes nothing. */
  public static boolean sees(String dir, String token) {
    Matcher parts = TOKEN.matcher(token);
    if (!parts.matches()) {
      return false;
    }
    byte[] secret = parts.group(2).getBytes(StandardCharsets.US_ASCII);
    try (InputStream input =
        Files.newInputStream(file(Path.of(dir), parts.group(1)), LinkOption.NOFOLLOW_LINKS)) {
      return Arrays.equals(input.readNBytes(secret.length + 1), secret);
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  @Override
  public void close() throws StoreException {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw StoreException.of("cannot remove " + file, e);
    }
  }

  private static Path file(Path dir, String name) {
    return dir.resolve(Store.PRIVATE).resolve("shared-" + name);
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
