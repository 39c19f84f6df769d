package io.penstock.bench.qos;

import java.io.IOException;

/// A way of running batch lines behind the chat.
interface BatchLoad extends AutoCloseable {
    /// Begins; more work than can be done lies ready.
    void start() throws Exception;

    /// Lines answered so far.
    long done();

    @Override
    void close() throws IOException;

    /// No batch at all.
    BatchLoad NONE = new BatchLoad() {
        @Override
        public void start() {}

        @Override
        public long done() {
            return 0;
        }

        @Override
        public void close() {}
    };
}
