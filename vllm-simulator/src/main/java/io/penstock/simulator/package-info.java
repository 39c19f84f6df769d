/// A GPU-free vLLM: a real HTTP server in front of a simulated engine, for demos, tests and benchmarks.
/// Start with [Simulator][io.penstock.simulator.Simulator]; the engine itself is in `engine`.
@NullMarked
package io.penstock.simulator;

import org.jspecify.annotations.NullMarked;
