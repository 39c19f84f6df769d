/// The router: `RouterTopology` is the way of a record on one page, `RouterApp` runs it.
@NullMarked
package io.penstock.router;

import org.jspecify.annotations.NullMarked;
