/// The interactive short-circuit: a call goes straight to the best engine, no topic in the way.
@NullMarked
package io.penstock.ingest.chat;

import org.jspecify.annotations.NullMarked;
