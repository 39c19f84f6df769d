/// Bodies and files too big for a record: immutable blobs behind the port {@code PayloadStore}, in a
/// local directory or, in {@code s3}, on a service that speaks S3.
@NullMarked
package io.penstock.payload;

import org.jspecify.annotations.NullMarked;
