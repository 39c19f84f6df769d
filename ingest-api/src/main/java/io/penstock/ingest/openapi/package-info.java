/// The API described for machines and for readers.
@NullMarked
package io.penstock.ingest.openapi;

import org.jspecify.annotations.NullMarked;
