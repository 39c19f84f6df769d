/// Local images of compacted topics: every instance of an application keeps the newest record of each
/// key.
@NullMarked
package io.penstock.router.image;

import org.jspecify.annotations.NullMarked;
