/// Reads what Penstock needs of an engine's answer, and puts engine errors into OpenAI's words.
@NullMarked
package io.penstock.pool.answer;

import org.jspecify.annotations.NullMarked;
