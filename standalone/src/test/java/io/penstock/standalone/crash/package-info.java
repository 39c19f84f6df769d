/// The crash matrix: programs in processes of their own, killed at a known point, and a checker of what
/// is left that trusts none of the product's own counters.
@NullMarked
package io.penstock.standalone.crash;

import org.jspecify.annotations.NullMarked;
