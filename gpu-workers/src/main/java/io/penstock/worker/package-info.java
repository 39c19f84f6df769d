@NullMarked
package io.penstock.worker;

import org.jspecify.annotations.NullMarked;
