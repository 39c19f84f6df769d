/// A client of Penstock's own HTTP API, for the commands that do a whole job: upload, submit, watch,
/// download.
@NullMarked
package io.penstock.standalone.client;

import org.jspecify.annotations.NullMarked;
