/// The tag step: what a record on `requests.*` asks for, and whether it can be run: model, pool, band,
/// deadline, cost.
@NullMarked
package io.penstock.router.tag;

import org.jspecify.annotations.NullMarked;
