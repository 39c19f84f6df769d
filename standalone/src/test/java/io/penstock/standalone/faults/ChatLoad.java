package io.penstock.standalone.faults;

import io.penstock.standalone.crash.Api;
import io.penstock.standalone.faults.Installation.Replica;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;

/// Streamed chat calls at a fixed rate, whether or not earlier ones have been answered, through both
/// replicas of the API in turn: what a load balancer in front of them would see.
///
/// Like one, it asks each replica every 250 ms whether it is ready, passes over one that is not or that
/// was taken out because it is about to be stopped, and
/// sends a call to the other replica when this one refuses the connection or says (503, `stopping`) that
/// it is going; such a call has been accepted by nobody. Any other end but a whole answer is an error.
final class ChatLoad implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final MediaType JSON = MediaType.get("application/json");

    private final Installation installation;
    private final List<Replica> replicas;
    private final AtomicIntegerArray ready;
    private final AtomicInteger number = new AtomicInteger();
    private final List<Call> calls = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final OkHttpClient http = new OkHttpClient.Builder()
            // A connection for each call: one that is kept and just closed by the server looks like an error.
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
            .retryOnConnectionFailure(false)
            .connectTimeout(Duration.ofSeconds(5))
            .readTimeout(Duration.ofSeconds(30))
            .callTimeout(Duration.ofSeconds(60))
            .build();

    /// A call by when it was due and when its first token came (`System.nanoTime`); `error` is empty for
    /// a whole answer.
    record Call(long dueNanos, long firstTokenNanos, String error, int moved) {
        boolean failed() {
            return !error.isEmpty();
        }
    }

    /// What came of one attempt at one replica.
    private sealed interface Attempt {
        record Whole(long firstTokenNanos) implements Attempt {}

        record Refused() implements Attempt {}

        record Failed(String why) implements Attempt {}
    }

    /// Not yet calling.
    ChatLoad(Installation installation) {
        this.installation = installation;
        this.replicas = installation.replicas();
        this.ready = new AtomicIntegerArray(replicas.size());
    }

    /// Starts calling, at once and from now on.
    void start() {
        look();
        var _ = clock.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        var _ = clock.scheduleAtFixedRate(this::next, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Calls that were due in this span and have ended.
    synchronized List<Call> between(long fromNanos, long toNanos) {
        return calls.stream()
                .filter(call -> call.dueNanos() - fromNanos >= 0 && call.dueNanos() - toNanos < 0)
                .toList();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        threads.close();
        http.dispatcher().executorService().shutdown();
    }

    private void look() {
        for (int i = 0; i < replicas.size(); i++) {
            ready.set(i, installation.isServing(replicas.get(i).program()) ? 1 : 0);
        }
    }

    private void next() {
        long due = System.nanoTime();
        threads.execute(() -> note(call(due, number.getAndIncrement())));
    }

    private synchronized void note(Call call) {
        calls.add(call);
    }

    private Call call(long due, int count) {
        int replica = count % replicas.size();
        if (ready.get(replica) == 0 && ready.get((replica + 1) % replicas.size()) == 1) {
            replica = (replica + 1) % replicas.size();
        }
        for (int moved = 0; moved < replicas.size(); moved++) {
            switch (attempt(replicas.get((replica + moved) % replicas.size()), count)) {
                case Attempt.Whole(long first) -> {
                    return new Call(due, first, "", moved);
                }
                case Attempt.Failed(String why) -> {
                    return new Call(due, 0, why, moved);
                }
                case Attempt.Refused() -> {
                    // By a replica that is not there: the next one.
                }
            }
        }
        return new Call(due, 0, "every replica refused the connection", replicas.size());
    }

    private Attempt attempt(Replica replica, int count) {
        Request request = new Request.Builder()
                .url("http://127.0.0.1:" + replica.port() + "/v1/chat/completions")
                .post(RequestBody.create(Api.chatBody("chat " + count, true), JSON))
                .build();
        try (Response response = http.newCall(request).execute()) {
            if (response.code() == 503 && response.peekBody(4096).string().contains("\"stopping\"")) {
                return new Attempt.Refused();
            }
            if (response.code() != 200) {
                return new Attempt.Failed(replica.program().name() + " answered " + response.code() + " "
                        + response.peekBody(300).string());
            }
            return read(response.body().source(), replica);
        } catch (ConnectException _) {
            return new Attempt.Refused();
        } catch (IOException e) {
            return new Attempt.Failed(replica.program().name() + ": " + e);
        }
    }

    private static Attempt read(BufferedSource events, Replica replica) throws IOException {
        long first = 0;
        for (String line = events.readUtf8Line(); line != null; line = events.readUtf8Line()) {
            if (first == 0 && line.contains("\"content\":\"") && !line.contains("\"content\":\"\"")) {
                first = System.nanoTime();
            }
            if (line.equals("data: [DONE]") && first != 0) {
                return new Attempt.Whole(first);
            }
        }
        return new Attempt.Failed(replica.program().name() + " ended the stream early");
    }
}
