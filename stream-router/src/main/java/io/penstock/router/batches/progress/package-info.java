/// What may happen to a batch, and what follows from it: pure decisions over a state that is plain
/// data.
@NullMarked
package io.penstock.router.batches.progress;

import org.jspecify.annotations.NullMarked;
