/// What ingest knows of files, batches and models: the newest record of each, read from compacted
/// topics.
@NullMarked
package io.penstock.ingest.view;

import org.jspecify.annotations.NullMarked;
