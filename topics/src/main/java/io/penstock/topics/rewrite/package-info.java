/// Which model a request runs as: rewrites, their precedence and their weights. Pure; the router and
/// the API decide by the same rules.
@NullMarked
package io.penstock.topics.rewrite;

import org.jspecify.annotations.NullMarked;
