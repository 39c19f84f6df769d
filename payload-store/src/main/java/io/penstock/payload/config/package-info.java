/// Which payload store a program uses: its settings, and the store made of them.
@NullMarked
package io.penstock.payload.config;

import org.jspecify.annotations.NullMarked;
