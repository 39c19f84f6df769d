/// The batches application: one task owns a batch from its submission to its output files.
///
/// Start at `BatchesTopology`; `BatchOwner` shares the work out to named actors. What may happen to a
/// batch is decided in `progress`, what a good input line is in `input`; both know neither Kafka nor a
/// clock.
@NullMarked
package io.penstock.router.batches;

import org.jspecify.annotations.NullMarked;
