@NullMarked
package io.penstock.pool;

import org.jspecify.annotations.NullMarked;
