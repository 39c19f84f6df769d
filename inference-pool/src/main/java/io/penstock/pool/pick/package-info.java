/// Which endpoint an interactive call goes to: who has room, scores, prompts sent before.
@NullMarked
package io.penstock.pool.pick;

import org.jspecify.annotations.NullMarked;
