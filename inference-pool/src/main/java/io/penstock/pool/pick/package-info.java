/// Which endpoint an interactive call goes to.
@NullMarked
package io.penstock.pool.pick;

import org.jspecify.annotations.NullMarked;
