package io.divvy.node.compare.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ImageServerTest {

  private static final Duration NONE = Duration.ZERO;
  private static final long QUICK = 1L << 30;

  @ParameterizedTest
  @ValueSource(ints = {500, 501, 502, 503, 999, 4096, 65_600, 100_000, 1_000_003})
  void anImageIsAValidPngOfExactlyThatSize(int bytes) throws IOException {
    byte[] png = Picture.png(7, bytes);

    assertThat(png).hasSize(bytes);
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(image.getHeight()).isPositive();
    // A reader does not look at all sums; the colours run all the same.
    assertThat(image.getRGB(0, 0)).isNotEqualTo(image.getRGB(image.getWidth() - 1, 0));
  }

  @Test
  void noTwoImagesAreAlike() {
    assertThat(IntStream.range(0, 1000).mapToObj(number -> List.of(bytes(number))).distinct())
        .hasSize(1000);
  }

  private static String bytes(int number) {
    return new String(Picture.png(number, 600), StandardCharsets.ISO_8859_1);
  }

  @Test
  void everyUrlEndsAlikeAndHasItsImage() throws IOException {
    try (ImageServer server = start(new Offer(3, 2000, NONE, QUICK))) {
      List<String> urls = server.list().lines().toList();
      List<String> images = new ArrayList<>();
      for (String url : urls) {
        assertThat(url).endsWith("/download");
        images.add(new String(get(url), StandardCharsets.ISO_8859_1));
      }
      assertThat(images).hasSize(3).doesNotHaveDuplicates();
      assertThat(status(urls.get(0).replace("/0/", "/3/"))).isEqualTo(404);
      assertThat(status(urls.get(0).replace("/0/", "/../"))).isEqualTo(404);
    }
  }

  @Test
  void noByteComesBeforeItsTime() throws IOException {
    // 150 ms of waiting, and 20,000 bytes at 100,000 a second.
    try (ImageServer server = start(new Offer(1, 20_000, Duration.ofMillis(150), 100_000))) {
      String url = server.list().strip();
      long asked = System.nanoTime();
      byte[] image = get(url);

      assertThat(image).hasSize(20_000);
      assertThat(System.nanoTime() - asked).isGreaterThan(Duration.ofMillis(345).toNanos());
    }
  }

  @Test
  void allConnectionsAreServedAtOnce() throws IOException {
    int clients = 24;
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try (ImageServer server = start(new Offer(clients, 600, Duration.ofMillis(500), QUICK))) {
      long begun = System.nanoTime();
      List<CompletableFuture<byte[]>> images =
          server
              .list()
              .lines()
              .map(url -> CompletableFuture.supplyAsync(() -> getUnchecked(url), threads))
              .toList();
      images.forEach(image -> assertThat(image.join()).hasSize(600));

      // One after the other would take 12 s.
      assertThat(System.nanoTime() - begun).isLessThan(Duration.ofSeconds(6).toNanos());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void itSaysWhatItOffers() {
    assertThat(new Offer(40, 100_000, Duration.ofMillis(50), 5_000_000).words())
        .isEqualTo(
            "40 images of 100 kB from a server in this JVM, 50 ms to the first byte, 5 MB/s per"
                + " connection");
  }

  private static ImageServer start(Offer offer) throws IOException {
    return ImageServer.start(offer, InetAddress.getLoopbackAddress());
  }

  private static byte[] getUnchecked(String url) {
    try {
      return get(url);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] get(String url) throws IOException {
    HttpURLConnection connection = open(url);
    assertThat(connection.getContentType()).isEqualTo("image/png");
    return connection.getInputStream().readAllBytes();
  }

  private static int status(String url) throws IOException {
    return open(url).getResponseCode();
  }

  private static HttpURLConnection open(String url) throws IOException {
    return (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
  }
}
