package io.penstock.bench.qos;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;

/// Chat as people make it: streamed calls that start at random moments of the bursts (a Poisson
/// process, the same one in every scenario), whatever became of the calls before. Each is measured from
/// its start to the first word and from word to word, in simulated milliseconds.
final class ChatWaves {
    private static final MediaType JSON = MediaType.get("application/json");

    private final QosPlan plan;
    private final List<String> servers;
    private final String model;
    private final OkHttpClient http = new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(256, 1, TimeUnit.MINUTES))
            .readTimeout(Duration.ofMinutes(2))
            .build();
    final Samples firstWord = new Samples();
    final Samples betweenWords = new Samples();
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger answered = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();

    final ConcurrentLinkedQueue<Dot> dots = new ConcurrentLinkedQueue<>();
    private final AtomicInteger turn = new AtomicInteger();
    private volatile long startNanos;

    /// A call that began `seconds` after the start and had its first word after `firstWordMs`.
    record Dot(double seconds, double firstWordMs) {}

    /// Calls go to `servers`, one after the other.
    ChatWaves(QosPlan plan, List<String> servers, String model) {
        this.plan = plan;
        this.servers = servers;
        this.model = model;
    }

    /// Makes the waves, the first of which begins at `start`; returns when all calls are answered.
    void run(long start) throws InterruptedException {
        startNanos = start;
        Random arrivals = new Random(plan.seed());
        Bodies bodies = new Bodies(plan, model, plan.seed() + 1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Duration at = Duration.ZERO;
            while (at.compareTo(plan.measured()) < 0) {
                at = at.plusNanos((long) (-Math.log(1 - arrivals.nextDouble()) / plan.chatsPerSecond() * 1e9));
                if (plan.isBurst(at) && at.compareTo(plan.measured()) < 0) {
                    String body = bodies.chat();
                    sleepUntil(start + plan.wallNanos(at));
                    callers.execute(() -> call(body, true));
                }
            }
        }
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    /// Calls a few times without measuring.
    void warmUp() {
        Bodies bodies = new Bodies(plan, model, plan.seed() + 2);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                String body = bodies.chat();
                callers.execute(() -> call(body, false));
            }
        }
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void call(String body, boolean measured) {
        if (measured) {
            started.incrementAndGet();
        }
        Request request = new Request.Builder()
                .url(servers.get(turn.getAndIncrement() % servers.size()) + "/chat/completions")
                .post(RequestBody.create(body, JSON))
                .build();
        long begun = System.nanoTime();
        try (Response response = http.newCall(request).execute()) {
            if (!response.isSuccessful() || !read(response.body().source(), begun, measured)) {
                failed.incrementAndGet();
            }
        } catch (IOException _) {
            failed.incrementAndGet();
        }
    }

    private boolean read(BufferedSource events, long begun, boolean measured) throws IOException {
        long before = 0;
        for (String line = events.readUtf8Line(); line != null; line = events.readUtf8Line()) {
            if (line.equals("data: [DONE]")) {
                // A stream that began while the call waited ends in an error, if it is not served.
                answered.addAndGet(before == 0 ? 0 : 1);
                return before != 0;
            }
            if (line.startsWith("data:") && line.contains("\"content\":\"") && !line.contains("\"content\":\"\"")) {
                long now = System.nanoTime();
                if (measured && before == 0) {
                    dots.add(new Dot(
                            plan.simulatedMillis(begun - startNanos) / 1000, plan.simulatedMillis(now - begun)));
                }
                if (measured) {
                    (before == 0 ? firstWord : betweenWords)
                            .add(plan.simulatedMillis(now - (before == 0 ? begun : before)));
                }
                before = now;
            }
        }
        return false;
    }
}
