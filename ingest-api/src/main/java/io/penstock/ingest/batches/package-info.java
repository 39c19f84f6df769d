/// The Batches API.
@NullMarked
package io.penstock.ingest.batches;

import org.jspecify.annotations.NullMarked;
