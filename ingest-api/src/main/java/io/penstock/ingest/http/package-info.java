/// One HTTP exchange as handlers see it, the routes, and the catalogue of errors. No server library is
/// known here.
@NullMarked
package io.penstock.ingest.http;

import org.jspecify.annotations.NullMarked;
