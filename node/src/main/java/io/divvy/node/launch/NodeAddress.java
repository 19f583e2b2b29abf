package io.divvy.node.launch;

/**
 * Where a started node is.
 *
 * @param name its name
 * @param address HOST:PORT for messages
 * @param pid its process
 */
public record NodeAddress(String name, String address, long pid) {}
