/// Reading a batch's input file line by line, and judging it: what is wrong with which line, in the
/// words of OpenAI.
@NullMarked
package io.penstock.router.batches.input;

import org.jspecify.annotations.NullMarked;
