/// Names of things, each its own type, so that a batch id cannot be passed where a file id belongs.
@NullMarked
package io.penstock.topics.id;

import org.jspecify.annotations.NullMarked;
