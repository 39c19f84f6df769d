/// HTTP to an engine: one call at a time, cancelled for real. The only package that knows OkHttp.
@NullMarked
package io.penstock.pool.client;

import org.jspecify.annotations.NullMarked;
