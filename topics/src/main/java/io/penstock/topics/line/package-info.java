/// The OpenAI batch input and output line, read and written without re-marshalling the body in it.
@NullMarked
package io.penstock.topics.line;

import org.jspecify.annotations.NullMarked;
