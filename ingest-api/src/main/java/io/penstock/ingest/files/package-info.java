/// The Files API.
@NullMarked
package io.penstock.ingest.files;

import org.jspecify.annotations.NullMarked;
