package io.divvy.protocol;

/** Marks what may travel between JVMs; the settings bind it to a serializer. */
public interface WireMessage {}
