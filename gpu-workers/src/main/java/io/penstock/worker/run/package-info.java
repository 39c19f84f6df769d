/// What becomes of one ticket: its body, the call, and the verdict on the answer.
@NullMarked
package io.penstock.worker.run;

import org.jspecify.annotations.NullMarked;
