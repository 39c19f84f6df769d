package io.penstock.bench.qos;

import io.penstock.standalone.client.BatchClient;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Batches submitted to Penstock through its API, each of as many lines as OpenAI allows at most.
final class PenstockLoad implements BatchLoad {
    private static final int BATCHES = 3;

    private final BatchClient client;
    private final Path dir;
    private final Bodies bodies;
    private final int lines;
    private final List<String> batches = new ArrayList<>();

    PenstockLoad(URI api, Path dir, Bodies bodies, int lines) {
        this.client = new BatchClient(api);
        this.dir = dir;
        this.bodies = bodies;
        this.lines = lines;
    }

    @Override
    public void start() throws IOException {
        for (int batch = 0; batch < BATCHES; batch++) {
            Path input = dir.resolve("batch-" + batch + ".jsonl");
            try (BufferedWriter out = Files.newBufferedWriter(input)) {
                for (int line = 1; line <= lines / BATCHES; line++) {
                    out.write("{\"custom_id\":\"" + line
                            + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":"
                            + bodies.line() + "}\n");
                }
            }
            batches.add(
                    client.submit(client.upload(input), "/v1/chat/completions").id());
        }
    }

    @Override
    public long done() {
        long done = 0;
        for (String batch : batches) {
            try {
                done += client.batch(batch).completed();
            } catch (IOException e) {
                throw new IllegalStateException("cannot ask for batch " + batch, e);
            }
        }
        return done;
    }

    @Override
    public void close() {
        client.close();
    }
}
