/// The pure engine: continuous batching, KV blocks, prefix cache and preemption on a virtual clock.
/// [Engine][io.penstock.simulator.engine.Engine] steps; it neither waits nor reads a clock nor does any
/// I/O.
@NullMarked
package io.penstock.simulator.engine;

import org.jspecify.annotations.NullMarked;
