/// What operators ask and command: why work waits, how lanes stand, who commanded what, and what failed
/// for good.
@NullMarked
package io.penstock.ingest.control;

import org.jspecify.annotations.NullMarked;
