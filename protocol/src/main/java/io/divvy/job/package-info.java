/**
 * What a job is: the interfaces a job kind implements, and what it is given to work on.
 *
 * <p>Start with {@link io.divvy.job.MapKind} (one value per item) and {@link
 * io.divvy.job.ReduceKind} (one value for all). A kind is a public record found by {@link
 * java.util.ServiceLoader} under {@link io.divvy.job.JobKind}; its components are its parameters,
 * and its public constructor without arguments states their defaults.
 *
 * <p>Nothing here needs more than the JDK, so that a jar with a kind depends on this package alone.
 */
package io.divvy.job;
