/// The engines as workers and the API see them: endpoints watched over their own metrics, and one of
/// them picked.
@NullMarked
package io.penstock.pool;

import org.jspecify.annotations.NullMarked;
