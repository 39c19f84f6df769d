/// The Models API.
@NullMarked
package io.penstock.ingest.models;

import org.jspecify.annotations.NullMarked;
