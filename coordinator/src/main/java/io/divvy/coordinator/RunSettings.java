package io.divvy.coordinator;

import io.divvy.config.ChunkSettings;
import io.divvy.config.LeaseSettings;
import io.divvy.job.JobKind;
import io.divvy.protocol.JobSpec;
import io.divvy.protocol.RunKey;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a coordinator needs to know of its run.
 *
 * @param workers how many slots to use at most; empty: all that are offered
 * @param nodes over how many nodes to spread them at most; empty: all
 * @param chunk a fixed number of items per chunk; empty: sized by measured rates
 * @param care what is done about items that go wrong
 * @param remote whether workers live in other JVMs
 * @param moreNodesMayCome whether to wait a little when all nodes are lost
 */
public record RunSettings(
    RunKey run,
    JobSpec job,
    JobKind kind,
    OptionalInt workers,
    OptionalInt nodes,
    OptionalLong chunk,
    Care care,
    boolean remote,
    boolean moreNodesMayCome,
    ChunkSettings chunks,
    LeaseSettings leases) {}
