package io.penstock.standalone.demo;

import io.penstock.standalone.client.BatchClient;
import io.penstock.standalone.client.BatchJob;
import io.penstock.standalone.client.BatchProgress;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The demonstration against a running Penstock: chat alone, then the same chat beside a varied batch.
public final class Demo {
    private static final double CHAT_PER_SECOND = 4;
    private static final long SEED = 42;

    private final URI api;
    private final String model;
    private final Path dir;

    /// Works on `dir`, which it fills with `in.jsonl`, `out.jsonl` and `errors.jsonl`.
    public Demo(URI api, String model, Path dir) {
        this.api = api;
        this.model = model;
        this.dir = dir;
    }

    /// Chat calls alone for `length`: the first few, which warm the server up, are not counted.
    public Percentiles chatAlone(Duration length) throws InterruptedException {
        chat(Duration.ofSeconds(2));
        return chat(length).timeToFirstToken();
    }

    /// A batch of `lines` lines, `failing` of which the engine refuses, beside the same chat.
    public Beside batchBesideChat(int lines, int failing, Consumer<BatchProgress> watcher)
            throws IOException, InterruptedException {
        Path input = dir.resolve("in.jsonl");
        try (BufferedWriter writer = Files.newBufferedWriter(input)) {
            for (String line : VariedLines.of(lines, failing, model, SEED)) {
                writer.write(line);
                writer.write('\n');
            }
        }
        long started = System.nanoTime();
        ChatLoad chat = new ChatLoad(api, model, CHAT_PER_SECOND);
        try (BatchClient client = new BatchClient(api)) {
            BatchProgress end;
            Duration took;
            try (chat) {
                end = new BatchJob(client).run(input, "/v1/chat/completions", watcher);
                took = Duration.ofNanos(System.nanoTime() - started);
            }
            return new Beside(end, took, audit(client, end, lines), chat.timeToFirstToken(), chat.failures());
        }
    }

    /// What became of the batch, and of the chat beside it.
    public record Beside(BatchProgress end, Duration took, LineAudit audit, Percentiles chat, int chatFailures) {}

    private LineAudit audit(BatchClient client, BatchProgress end, int lines) throws IOException {
        List<BufferedReader> files = new ArrayList<>();
        try {
            files.add(downloaded(client, end.outputFileId(), "out.jsonl"));
            files.add(downloaded(client, end.errorFileId(), "errors.jsonl"));
            Set<String> sent =
                    IntStream.rangeClosed(1, lines).mapToObj(i -> "line-" + i).collect(Collectors.toSet());
            return LineAudit.of(sent, files);
        } finally {
            for (BufferedReader file : files) {
                file.close();
            }
        }
    }

    private BufferedReader downloaded(BatchClient client, @Nullable String fileId, String name) throws IOException {
        Path target = dir.resolve(name);
        try (OutputStream out = Files.newOutputStream(target)) {
            client.download(fileId, out);
        }
        return Files.newBufferedReader(target);
    }

    private ChatLoad chat(Duration length) throws InterruptedException {
        ChatLoad chat = new ChatLoad(api, model, CHAT_PER_SECOND);
        try (chat) {
            pause(length);
        }
        return chat;
    }

    private static void pause(Duration length) throws InterruptedException {
        boolean _ = new CountDownLatch(1).await(length.toMillis(), TimeUnit.MILLISECONDS);
    }
}
