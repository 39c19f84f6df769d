/// Numbered, repeatable benchmarks. Each is a program that prints what it did, on which machine, and
/// the figures side by side; `bench/README.md` says how to run them.
@NullMarked
package io.penstock.bench;

import org.jspecify.annotations.NullMarked;
