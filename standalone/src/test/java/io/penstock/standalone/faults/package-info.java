/// Three brokers, two of every program, and everything that goes wrong with them, one thing after the other.
@NullMarked
package io.penstock.standalone.faults;

import org.jspecify.annotations.NullMarked;
