package io.penstock.ingest.webhooks.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.SocketFactory;

/// Sockets that connect to no refused address. The check is on the very address that is connected to, so
/// it cannot matter what the name resolved to a moment before, or that it was no name.
final class GuardedSockets extends SocketFactory {
    @Override
    public Socket createSocket() {
        return new GuardedSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return connected(new InetSocketAddress(host, port));
    }

    private static Socket connected(InetSocketAddress to) throws IOException {
        Socket socket = new GuardedSocket();
        socket.connect(to);
        return socket;
    }

    private static final class GuardedSocket extends Socket {
        @Override
        public void connect(SocketAddress to) throws IOException {
            connect(to, 0);
        }

        @Override
        public void connect(SocketAddress to, int timeout) throws IOException {
            InetAddress address = to instanceof InetSocketAddress inet ? inet.getAddress() : null;
            String refusal = address == null ? "no address" : AddressGuard.refusal(address);
            if (refusal != null) {
                throw new RefusedAddress(refusal);
            }
            super.connect(to, timeout);
        }
    }
}
