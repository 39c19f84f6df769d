/// Everything in one JVM on an embedded broker. {@code Standalone} is the wiring diagram of it all.
@NullMarked
package io.penstock.standalone;

import org.jspecify.annotations.NullMarked;
