/// The contract between the programs: {@code id} names things, {@code record} says what travels, {@code
/// line} reads and writes OpenAI's batch lines, {@code catalogue} lists the topics, {@code admin}
/// brings them to a cluster.
@NullMarked
package io.penstock.topics;

import org.jspecify.annotations.NullMarked;
