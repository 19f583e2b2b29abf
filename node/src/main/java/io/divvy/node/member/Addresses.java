package io.divvy.node.member;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.Address;

/** Addresses of the form HOST:PORT, and hosts that others are to reach this JVM at. */
public final class Addresses {
  private Addresses() {}

  static String of(Address address) {
    return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
  }

  static String host(String address) {
    return address.substring(0, address.lastIndexOf(':'));
  }

  static int port(String address) {
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /** Whether only this machine reaches it. A name that nobody knows is none. */
  public static boolean isLoopback(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Why nobody could reach this JVM at this host, if so. */
  public static Optional<String> wrong(String host) {
    InetAddress address;
    try {
      address = InetAddress.getAllByName(host)[0];
    } catch (UnknownHostException e) {
      return Optional.of("unknown host '" + host + "'; give a name or address of this machine");
    }
    if (address.isAnyLocalAddress()) {
      return Optional.of(
          "host '" + host + "' is no address that others reach; give the one they are to use");
    }
    return isFree(host, 0)
        ? Optional.empty()
        : Optional.of("host '" + host + "' is no address of this machine; give one that is");
  }

  /** Whether a port can be listened at now. */
  static boolean isFree(String host, int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(socketAddress(host, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A port that is free now. */
  static int anyFree(String host) throws IOException {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(socketAddress(host, 0));
      return probe.getLocalPort();
    }
  }

  /** Connects and hangs up. */
  static Joining.Contact contact(String address, Duration timeout) {
    try (Socket socket = new Socket()) {
      socket.connect(socketAddress(host(address), port(address)), (int) timeout.toMillis());
      return Joining.Contact.ANSWERS;
    } catch (ConnectException e) {
      return Joining.Contact.REFUSED;
    } catch (IOException e) {
      return Joining.Contact.SILENT;
    }
  }

  static InetSocketAddress socketAddress(String host, int port) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getAllByName(host)[0], port);
  }
}
