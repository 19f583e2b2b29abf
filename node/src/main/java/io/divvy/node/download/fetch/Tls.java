package io.divvy.node.download.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a server is who its name says. Roots are read at the first https URL: that takes
 * longer than many a whole transfer without it.
 */
final class Tls implements TlsSocketStrategy {
  static {
    // Otherwise the JDK takes a connection that was cut for one that was closed, and a body that
    // ends with its connection could be half of one.
    if (System.getProperty("com.sun.net.ssl.requireCloseNotify") == null) {
      System.setProperty("com.sun.net.ssl.requireCloseNotify", "true");
    }
  }

  private final Collection<? extends Certificate> added;
  private @Nullable SSLContext context;

  /**
   * Reads the certificates that are trusted beside the JDK's.
   *
   * @throws IllegalArgumentException with one line when that cannot be
   */
  Tls(Optional<Path> ca) {
    this.added = ca.isPresent() ? certificates(ca.get()) : java.util.List.of();
  }

  static Collection<? extends Certificate> certificates(Path file) {
    try (InputStream input = Files.newInputStream(file)) {
      Collection<? extends Certificate> read =
          CertificateFactory.getInstance("X.509").generateCertificates(input);
      if (!read.isEmpty()) {
        return read;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the certificates in " + file, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          file + " has something else than certificates in PEM; give a file that has only those",
          e);
    }
    throw new IllegalArgumentException(file + " has no certificates; give a file in PEM");
  }

  @Override
  public SSLSocket upgrade(
      Socket socket, String host, int port, Object attachment, HttpContext ignored)
      throws IOException {
    SSLSocket secured =
        (SSLSocket) context().getSocketFactory().createSocket(socket, host, port, true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private synchronized SSLContext context() throws IOException {
    if (context == null) {
      try {
        context = added.isEmpty() ? SSLContext.getDefault() : withAdded();
      } catch (GeneralSecurityException e) {
        throw new Refusal(Cause.TLS_FAILED, "this JVM has no usable TLS: " + e.getMessage());
      }
    }
    return context;
  }

  private SSLContext withAdded() throws GeneralSecurityException, IOException {
    KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
    all.load(null, null);
    int number = 0;
    for (X509Certificate root : roots(null).getAcceptedIssuers()) {
      all.setCertificateEntry("root-" + number++, root);
    }
    for (Certificate certificate : added) {
      all.setCertificateEntry("added-" + number++, certificate);
    }
    SSLContext made = SSLContext.getInstance("TLS");
    made.init(null, new TrustManager[] {roots(all)}, null);
    return made;
  }

  private static X509TrustManager roots(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager roots) {
        return roots;
      }
    }
    throw new GeneralSecurityException("no trust manager for X.509");
  }
}
