/**
 * Where downloads go: what each file is called, and how it gets to its name whole or not at all.
 *
 * <p>Start with {@link io.divvy.node.download.place.Names} for the names, which depend on the list
 * alone, and with {@link io.divvy.node.download.place.Store} for the files. What belongs to Divvy
 * and not to the user lies in {@code DIR/.divvy}, a name that no download can have.
 */
@NullMarked
package io.divvy.node.download.place;

import org.jspecify.annotations.NullMarked;
