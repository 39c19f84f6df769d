@NullMarked
package io.penstock.payload;

import org.jspecify.annotations.NullMarked;
