/// Bodies and files too big for a record: immutable blobs behind the port {@code PayloadStore}, in a
/// local directory.
@NullMarked
package io.penstock.payload;

import org.jspecify.annotations.NullMarked;
