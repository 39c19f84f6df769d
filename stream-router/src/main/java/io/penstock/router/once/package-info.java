/// Lets each id that its sender chose through once, whatever pool its copies would go to.
@NullMarked
package io.penstock.router.once;

import org.jspecify.annotations.NullMarked;
