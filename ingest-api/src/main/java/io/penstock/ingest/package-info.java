/// HTTP in, records out, status back. {@code IngestMain} is the wiring diagram.
@NullMarked
package io.penstock.ingest;

import org.jspecify.annotations.NullMarked;
