package io.penstock.standalone.crash;

import io.penstock.standalone.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// A broker as a process, so that it can be killed: data directory and port.
final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] arguments) throws Exception {
        EmbeddedBroker broker = new EmbeddedBroker(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(broker::close));
        broker.start();
        new CountDownLatch(1).await();
    }
}
