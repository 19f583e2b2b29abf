package io.divvy.node.model;

import io.divvy.coordinator.Care;
import io.divvy.job.JobKind;
import io.divvy.protocol.JobSpec;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A checked job, and how to run it.
 *
 * @param kind the kind with its parameters
 * @param spec the same job as it travels
 * @param workers how many slots to use at most; empty: all that are offered
 * @param nodes over how many nodes to spread them at most; empty: all
 * @param chunk a fixed number of items per chunk, at least 1; empty: sized by measured rates
 * @param care what is done about items that go wrong
 */
public record RunPlan(
    JobKind kind,
    JobSpec spec,
    OptionalInt workers,
    OptionalInt nodes,
    OptionalLong chunk,
    Care care) {}
