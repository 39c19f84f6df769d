package io.penstock.standalone.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A wire between two processes that can be cut: every TCP connection to `from` goes on to `to`.
///
/// Cut, it is a network that drops packets: no byte passes in either direction, connections neither
/// break nor end, new ones get no answer. What was under way arrives once it is mended, as TCP's
/// repetitions would have it.
final class Relay implements Closeable {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final ServerSocket listener;
    private final InetSocketAddress to;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private boolean cut;

    Relay(InetSocketAddress from, InetSocketAddress to) throws IOException {
        this.to = to;
        this.listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(from, 256);
        Thread.ofPlatform().daemon().name("relay " + from).start(this::accept);
    }

    synchronized void cut() {
        cut = true;
    }

    synchronized void mend() {
        cut = false;
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(Relay::end);
        mend();
    }

    private synchronized void awaitWhole() throws InterruptedException {
        while (cut) {
            wait();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket near = listener.accept();
                Thread.ofVirtual().start(() -> connect(near));
            } catch (IOException _) {
                // Closed; or out of descriptors, and the next one may find some.
            }
        }
    }

    private void connect(Socket near) {
        try {
            awaitWhole();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), to.getPort());
            open.add(near);
            open.add(far);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Thread.ofVirtual().start(() -> pump(near, far));
            pump(far, near);
        } catch (IOException _) {
            end(near);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void pump(Socket source, Socket sink) {
        try {
            InputStream in = source.getInputStream();
            OutputStream out = sink.getOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitWhole();
                out.write(buffer, 0, read);
            }
            awaitWhole();
        } catch (IOException _) {
            // One side has gone; so will the other.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        open.remove(source);
        open.remove(sink);
        end(source);
        end(sink);
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // Closed is all it can be.
        }
    }
}
