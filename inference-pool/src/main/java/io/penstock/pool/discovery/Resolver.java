package io.penstock.pool.discovery;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// Looks a DNS name up.
@FunctionalInterface
public interface Resolver {
    /// The addresses of `host`, v4 and v6.
    ///
    /// @throws UnknownHostException if there are none, or nobody could be asked
    InetAddress[] resolve(String host) throws UnknownHostException;
}
