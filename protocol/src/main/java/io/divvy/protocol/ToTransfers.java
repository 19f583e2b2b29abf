package io.divvy.protocol;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the transfers of a node hear from the coordinator of a download.
 *
 * <p>A lease counts from a {@code stamp}: a reading of the node's own clock that the node sent and
 * the coordinator echoes. The node took it before the coordinator granted anything on it, so the
 * lease ends on the node first, however long the message was on its way.
 */
public sealed interface ToTransfers extends WireMessage {

  RunKey run();

  /**
   * URLs of this download are for you; repeated until answered.
   *
   * @param leaseMillis how long a permit is good for from its stamp on
   */
  record Register(
      RunKey run, DownloadSpec download, long leaseMillis, ActorRef<ToDownload> coordinator)
      implements ToTransfers {}

  /**
   * Fetch these, each at once.
   *
   * @param stamp what their leases count from
   */
  record Fetch(RunKey run, long stamp, List<HandOut> handOuts) implements ToTransfers {
    public Fetch {
      handOuts = List.copyOf(handOuts);
    }
  }

  /**
   * The coordinator lives; the leases of these attempts run anew.
   *
   * @param stamp what they count from
   * @param bytesPerSecond how much the node's transfers of this run may receive together; 0 is no
   *     limit
   */
  record Renew(RunKey run, long stamp, List<Long> attempts, long bytesPerSecond)
      implements ToTransfers {
    public Renew {
      attempts = List.copyOf(attempts);
    }
  }

  /** What came of these attempts is safe; forget it. */
  record Acknowledge(RunKey run, List<Long> attempts) implements ToTransfers {
    public Acknowledge {
      attempts = List.copyOf(attempts);
    }
  }

  /** The file's bytes before {@code offset} are safe; so many more may be on their way. */
  record Received(RunKey run, long attempt, long offset) implements ToTransfers {}

  /**
   * The attempt has a permit of the host that it was sent to. Its lease is the one it has.
   *
   * @param hop which redirect is meant
   */
  record GoOn(RunKey run, long attempt, int hop) implements ToTransfers {}

  /** Close these: nobody wants them any more. */
  record Cancel(RunKey run, List<Long> attempts) implements ToTransfers {
    public Cancel {
      attempts = List.copyOf(attempts);
    }
  }

  /** The download is over here: close all its transfers and forget it. */
  record Unregister(RunKey run) implements ToTransfers {}
}
