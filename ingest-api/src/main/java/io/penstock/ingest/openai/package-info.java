/// OpenAI's wire shapes of files and batches: rendered, parsed and validated. Pure.
@NullMarked
package io.penstock.ingest.openai;

import org.jspecify.annotations.NullMarked;
