package io.penstock.standalone.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One whole batch job: upload, submit, watch to the end.
public final class BatchJob {
    private static final long POLL_MS = 200;

    private final BatchClient client;

    public BatchJob(BatchClient client) {
        this.client = client;
    }

    /// Runs `input` as a batch of calls to `endpoint` and tells `watcher` how far it is, about five
    /// times a second.
    public BatchProgress run(Path input, String endpoint, Consumer<BatchProgress> watcher)
            throws IOException, InterruptedException {
        BatchProgress batch = client.submit(client.upload(input), endpoint);
        CountDownLatch never = new CountDownLatch(1);
        while (!batch.isTerminal()) {
            watcher.accept(batch);
            boolean _ = never.await(POLL_MS, TimeUnit.MILLISECONDS);
            batch = client.batch(batch.id());
        }
        watcher.accept(batch);
        return batch;
    }
}
