/// A small HTTP/1.1 server on plain sockets and virtual threads: it sees a client leave while the
/// answer is still being made, and it can break a connection in scripted ways, which server libraries
/// do not offer.
@NullMarked
package io.penstock.simulator.http;

import org.jspecify.annotations.NullMarked;
