/// Gate, pull, run, report. {@code Worker} wires the parts; {@code EndpointWorker} is one engine's
/// share of them.
@NullMarked
package io.penstock.worker;

import org.jspecify.annotations.NullMarked;
