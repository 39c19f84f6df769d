/// {@code topics plan|apply|verify}: the catalogue brought to a real cluster.
@NullMarked
package io.penstock.topics.admin;

import org.jspecify.annotations.NullMarked;
