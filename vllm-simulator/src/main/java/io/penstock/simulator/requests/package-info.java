/// The record of what arrived, for tests that count executions and compare bodies byte by byte.
@NullMarked
package io.penstock.simulator.requests;

import org.jspecify.annotations.NullMarked;
