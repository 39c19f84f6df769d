/// What travels on the topics: one record per message kind, all of them plain data.
@NullMarked
package io.penstock.topics.record;

import org.jspecify.annotations.NullMarked;
