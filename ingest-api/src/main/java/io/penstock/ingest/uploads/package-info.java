/// The Uploads API: files that come in parts.
@NullMarked
package io.penstock.ingest.uploads;

import org.jspecify.annotations.NullMarked;
