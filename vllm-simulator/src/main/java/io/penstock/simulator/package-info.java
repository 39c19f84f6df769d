@NullMarked
package io.penstock.simulator;

import org.jspecify.annotations.NullMarked;
