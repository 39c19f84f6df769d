/// When to say what an endpoint can take, and which tickets that statement has accounted for.
@NullMarked
package io.penstock.worker.pull;

import org.jspecify.annotations.NullMarked;
