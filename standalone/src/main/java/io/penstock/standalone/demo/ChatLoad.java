package io.penstock.standalone.demo;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;

/// People chatting: streamed chat completions started at a fixed rate whatever became of the ones
/// before (an open loop), each measured from its start to the first word of its answer.
public final class ChatLoad implements AutoCloseable {
    private static final MediaType JSON = MediaType.get("application/json");

    private final OkHttpClient http =
            new OkHttpClient.Builder().readTimeout(Duration.ofSeconds(60)).build();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("chat-clock").factory());
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Duration> firstWords = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger failures = new AtomicInteger();
    private final URI base;
    private final String model;
    private final Random random = new Random(7);

    /// Starts `perSecond` calls a second to the API at `base` until closed.
    public ChatLoad(URI base, String model, double perSecond) {
        this.base = base;
        this.model = model;
        long everyMicros = Math.round(1_000_000 / perSecond);
        Future<?> _ =
                clock.scheduleAtFixedRate(() -> callers.execute(this::call), 0, everyMicros, TimeUnit.MICROSECONDS);
    }

    /// Time to first token of the calls answered so far.
    public Percentiles timeToFirstToken() {
        synchronized (firstWords) {
            return Percentiles.of(firstWords);
        }
    }

    /// Calls that were refused or broke.
    public int failures() {
        return failures.get();
    }

    /// Starts no more calls and waits for those under way, at most 30 seconds.
    @Override
    public void close() {
        clock.shutdownNow();
        callers.shutdown();
        try {
            if (!callers.awaitTermination(30, TimeUnit.SECONDS)) {
                callers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    private void call() {
        int words;
        synchronized (random) {
            words = 20 + random.nextInt(200);
        }
        String body = "{\"model\":\"" + model
                + "\",\"stream\":true,\"max_tokens\":48,\"messages\":[{\"role\":\"user\",\"content\":\""
                + "tell me more ".repeat(words) + "\"}]}";
        Request request = new Request.Builder()
                .url(base + "/chat/completions")
                .post(RequestBody.create(body, JSON))
                .build();
        long started = System.nanoTime();
        try (Response response = http.newCall(request).execute()) {
            if (!response.isSuccessful() || !readStream(response.body().source(), started)) {
                failures.incrementAndGet();
            }
        } catch (IOException _) {
            failures.incrementAndGet();
        }
    }

    /// Reads to `[DONE]` and notes when the first content came; false if the stream ended before.
    private boolean readStream(BufferedSource events, long started) throws IOException {
        boolean first = true;
        for (String line = events.readUtf8Line(); line != null; line = events.readUtf8Line()) {
            if (line.equals("data: [DONE]")) {
                return !first;
            }
            if (first && line.startsWith("data:") && hasContent(line)) {
                first = false;
                firstWords.add(Duration.ofNanos(System.nanoTime() - started));
            }
        }
        return false;
    }

    private static boolean hasContent(String event) {
        return event.contains("\"content\":\"") && !event.contains("\"content\":\"\"");
    }
}
