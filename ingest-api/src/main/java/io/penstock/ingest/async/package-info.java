/// Requests whose answer is asked for later: background responses, and calls with `Prefer:
/// respond-async`. Accepted into the log, read back from it by any replica.
@NullMarked
package io.penstock.ingest.async;

import org.jspecify.annotations.NullMarked;
