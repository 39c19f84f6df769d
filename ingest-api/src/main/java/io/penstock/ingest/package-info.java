@NullMarked
package io.penstock.ingest;

import org.jspecify.annotations.NullMarked;
