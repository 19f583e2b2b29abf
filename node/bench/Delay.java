import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A TCP proxy on loopback that holds up what a client sends: {@code java Delay.java PORT TO
 * MILLIS}. To a client the server seems to be so far away.
 */
class Delay {
  public static void main(String[] arguments) throws IOException {
    int to = Integer.parseInt(arguments[1]);
    long millis = Long.parseLong(arguments[2]);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]), 256, loopback)) {
      System.out.println("ready");
      while (true) {
        Socket client = server.accept();
        Socket target = new Socket(loopback, to);
        client.setTcpNoDelay(true);
        target.setTcpNoDelay(true);
        start(() -> pass(client, target, millis));
        start(() -> pass(target, client, 0));
      }
    }
  }

  private static void start(Runnable pass) {
    Thread thread = new Thread(pass);
    thread.setDaemon(true);
    thread.start();
  }

  private static void pass(Socket from, Socket to, long millis) {
    byte[] bytes = new byte[1 << 16];
    try (from;
        to) {
      InputStream input = from.getInputStream();
      OutputStream output = to.getOutputStream();
      for (int read = input.read(bytes); read >= 0; read = input.read(bytes)) {
        if (millis > 0) {
          Thread.sleep(millis);
        }
        output.write(bytes, 0, read);
      }
      to.shutdownOutput();
    } catch (IOException | InterruptedException e) {
      // One of the two has gone, and so does the other.
    }
  }
}
