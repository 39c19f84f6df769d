/// The HTTP server behind the {@code Exchange} port; the only package that knows Jetty.
@NullMarked
package io.penstock.ingest.http.jetty;

import org.jspecify.annotations.NullMarked;
