package io.penstock.bench.qos;

import io.penstock.simulator.Simulator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/// Batch lines sent to the engines without anything between, as many at a time as `admission` lets.
final class DirectLoad implements BatchLoad {
    private static final MediaType JSON = MediaType.get("application/json");

    private final List<Simulator> engines;
    private final Bodies bodies;
    private final Admission admission;
    private final OkHttpClient http;
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentHashMap<Call, Boolean> calls = new ConcurrentHashMap<>();
    private final AtomicLong done = new AtomicLong();
    private volatile boolean closed;

    /// Who may send when.
    interface Admission {
        /// Waits until a line may go to some engine, and says to which.
        int next() throws InterruptedException;

        /// A line at `engine` has ended.
        void ended(int engine);
    }

    DirectLoad(List<Simulator> engines, Bodies bodies, Admission admission) {
        this.engines = engines;
        this.bodies = bodies;
        this.admission = admission;
        Dispatcher dispatcher = new Dispatcher(callers);
        dispatcher.setMaxRequests(100_000);
        dispatcher.setMaxRequestsPerHost(100_000);
        this.http = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectionPool(new ConnectionPool(2048, 1, TimeUnit.MINUTES))
                .readTimeout(Duration.ofMinutes(10))
                .build();
    }

    @Override
    public void start() {
        callers.execute(() -> {
            try {
                while (!closed) {
                    int engine = admission.next();
                    callers.execute(() -> call(engine));
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Override
    public long done() {
        return done.get();
    }

    @Override
    public void close() {
        closed = true;
        callers.shutdownNow();
        calls.keySet().forEach(Call::cancel);
        http.connectionPool().evictAll();
    }

    private void call(int engine) {
        Request request = new Request.Builder()
                .url(engines.get(engine).baseUrl() + "/v1/chat/completions")
                .post(RequestBody.create(bodies.line(), JSON))
                .build();
        Call call = http.newCall(request);
        calls.put(call, true);
        try (Response response = call.execute()) {
            response.body().bytes();
            if (response.isSuccessful()) {
                done.incrementAndGet();
            }
        } catch (IOException _) {
            // The run is over.
        } finally {
            calls.remove(call);
            admission.ended(engine);
        }
    }
}
