/// Calls that wait in memory for an endpoint with room: in what order, how many, how long.
@NullMarked
package io.penstock.ingest.hold;

import org.jspecify.annotations.NullMarked;
