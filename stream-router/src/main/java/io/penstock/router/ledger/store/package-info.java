/// What the ledger writes to: an ordered map of bytes, and tables of JSON in it.
@NullMarked
package io.penstock.router.ledger.store;

import org.jspecify.annotations.NullMarked;
