/// The one thread that steps the engine in real time and hands its tokens to whoever waits for them.
@NullMarked
package io.penstock.simulator.driver;

import org.jspecify.annotations.NullMarked;
