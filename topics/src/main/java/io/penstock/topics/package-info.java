@NullMarked
package io.penstock.topics;

import org.jspecify.annotations.NullMarked;
