/// What the engine tells Prometheus, under vLLM's own names, types and labels.
@NullMarked
package io.penstock.simulator.metrics;

import org.jspecify.annotations.NullMarked;
