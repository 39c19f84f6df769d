/// Scripted misbehaviour: what goes wrong next, and how often.
@NullMarked
package io.penstock.simulator.faults;

import org.jspecify.annotations.NullMarked;
