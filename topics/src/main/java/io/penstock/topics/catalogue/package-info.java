/// Every topic Penstock uses: name, key, value, partitions, clean-up and retention, in one place.
@NullMarked
package io.penstock.topics.catalogue;

import org.jspecify.annotations.NullMarked;
