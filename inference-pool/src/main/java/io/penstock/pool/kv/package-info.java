/// The gate of an endpoint: its KV cache booked in tokens, what it was seen to bear, and what the others
/// who use it can stand; and what requests really take.
@NullMarked
package io.penstock.pool.kv;

import org.jspecify.annotations.NullMarked;
