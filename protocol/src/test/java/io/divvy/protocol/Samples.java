package io.divvy.protocol;

import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** One of each message. */
final class Samples {
  private static final RunKey RUN = new RunKey("00112233445566778899aabbccddeeff", 3);
  private static final Durations DURATIONS = new Durations(1, 2, 3, 4, 5, 6, 7, 8);

  private Samples() {}

  static List<WireMessage> of(
      ActorRef<ToScout> scout,
      ActorRef<ToAgent> agent,
      ActorRef<ToWorker> worker,
      ActorRef<ToCoordinator> coordinator,
      ActorRef<ToTransfers> transfers,
      ActorRef<ToDownload> download) {
    JobSpec job =
        new JobSpec(
            "power",
            "sha256:12",
            Map.of("exponent", "1000"),
            Long.MIN_VALUE,
            -3,
            1L << 40,
            new JobSpec.Wanted(true, false));
    NodeInfo node =
        new NodeInfo(
            "n1",
            "127.0.0.1:25710",
            4711,
            8,
            "machine",
            4,
            25711,
            "0.1.0",
            Map.of("power", "sha256:12"));
    Result values = new Result(17, 0, 2, 9, new byte[] {1, 2, 0, -1}, false, null, DURATIONS);
    Result failure =
        new Result(
            17,
            2,
            3,
            3,
            new byte[0],
            true,
            new Result.Failure("java.lang.IllegalStateException: no", "at home"),
            Durations.ZERO);
    return List.of(
        new ToAgent.Hello(scout),
        new ToAgent.Goodbye(scout),
        new ToAgent.Register(RUN, job, 1L << 40, coordinator),
        new ToAgent.Want(RUN, 2),
        new ToAgent.Decline(RUN, 1, 1L << 60),
        new ToAgent.KeepAlive(RUN),
        new ToAgent.Unregister(RUN),
        new ToAgent.AskRuns("0011", scout),
        new ToAgent.Cancel(RUN, "ann at 127.0.0.1:40000"),
        new ToScout.UnderWay(
            "0011",
            "127.0.0.1:25710",
            List.of("127.0.0.1:25712"),
            List.of(new ToScout.Run(RUN, "sum 0..9", "127.0.0.1:40001")),
            2),
        new ToScout.Here(node, agent, transfers, List.of("127.0.0.1:25712")),
        new ToWorker.Assign(RUN, 5, 2, List.of(new Chunk(17, 0, 9), new Chunk(18, 9, 1L << 50))),
        new ToWorker.StopEarly(RUN, 5, 17, 0.25, 9),
        new ToWorker.Acknowledge(RUN, 5, 3),
        new ToWorker.Release(RUN, 5),
        new ToCoordinator.Registered(RUN, "n1", -1),
        new ToCoordinator.Refused(RUN, "n1", "leaving"),
        new ToCoordinator.Offered(RUN, "n1", 1, 5, worker),
        new ToCoordinator.Results(RUN, "n1", 1, 5, 3, List.of(values, failure)),
        new ToCoordinator.Stopping(RUN, "n1", 1, 5, 17, 9),
        new ToCoordinator.Released(RUN, "n1", 1, 5, DURATIONS),
        new ToCoordinator.Alive(RUN, "n1", List.of(17L, 1L << 50), -1),
        new ToCoordinator.Abandoned(RUN, "n1", 1, "7"),
        new ToCoordinator.Departing(RUN, "n1"),
        new ToCoordinator.Departed(RUN, "n1"),
        new ToCoordinator.Cancelled(RUN, "n1", "ann"),
        new ToTransfers.Register(
            RUN, new DownloadSpec("/d", "t", true, Map.of("header", "A: b")), 5000, download),
        new ToTransfers.Fetch(
            RUN,
            -7,
            List.of(
                new HandOut(1, 1L << 40, "http://a/b", new HandOut.Name("b", null, false), null, 0),
                new HandOut(2, 3, "http://a/c", new HandOut.Name("x", ".y", true), "00ff", 4))),
        new ToTransfers.Renew(RUN, -7, List.of(1L, 1L << 50), 1L << 40),
        new ToTransfers.Acknowledge(RUN, List.of(1L)),
        new ToTransfers.Received(RUN, 1, 1L << 40),
        new ToTransfers.GoOn(RUN, 1, 10),
        new ToTransfers.Cancel(RUN, List.of(2L)),
        new ToTransfers.Unregister(RUN),
        new ToDownload.Registered(RUN, "n1", -7, true, 1L << 40),
        new ToDownload.Refused(RUN, "n1", "leaving"),
        new ToDownload.Ended(
            RUN,
            "n1",
            -7,
            List.of(
                new ToDownload.Report(
                    1,
                    5,
                    new Tried.Ok("b.png", 1L << 40, "00ff", 200, "http://c/", 0.25, "image/png")),
                new ToDownload.Report(2, 6, Tried.Broken.of("connect", "refused", true)),
                new ToDownload.Report(
                    3,
                    7,
                    new Tried.Broken("http-503", "busy", 503, true, 1500, "http://c/", 0.5)))),
        new ToDownload.Alive(RUN, "n1", 7, List.of(new ToDownload.Moving(1, 2, -1)), -1),
        new ToDownload.Landed(RUN, "n1", 7),
        new ToDownload.Redirected(RUN, "n1", 7, 2, "[::1]:443"),
        new ToDownload.Part(RUN, "n1", 1, 1L << 40, new byte[] {1, 0, -1}),
        new ToDownload.Departing(RUN, "n1"),
        new ToDownload.Departed(RUN, "n1"),
        new ToDownload.Cancelled(RUN, "n1", "ann"));
  }
}
