/// The ledger of an endpoint's KV cache, in tokens: what is booked, and what each band may still book.
@NullMarked
package io.penstock.pool.kv;

import org.jspecify.annotations.NullMarked;
