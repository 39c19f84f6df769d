/// Reads multipart/form-data as it arrives, in constant memory.
@NullMarked
package io.penstock.ingest.multipart;

import org.jspecify.annotations.NullMarked;
