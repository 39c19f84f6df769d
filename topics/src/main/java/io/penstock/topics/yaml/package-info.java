/// YAML as values with their line numbers. The only package that knows the YAML library.
@NullMarked
package io.penstock.topics.yaml;

import org.jspecify.annotations.NullMarked;
