/// What an instance that died left open, and who ends it: no open transaction of a dead router holds the
/// others up until it times out.
@NullMarked
package io.penstock.router.succession;

import org.jspecify.annotations.NullMarked;
