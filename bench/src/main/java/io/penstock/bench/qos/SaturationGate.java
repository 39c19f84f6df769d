package io.penstock.bench.qos;

import io.penstock.simulator.Simulator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/// The gate of an Endpoint Picker's flow control, as its utilisation detector is published: an
/// endpoint's saturation is the larger of waiting / 5 and KV use / 0.8, the pool's is the mean, metrics
/// are read every 50 ms, and while the pool is below 1 one line goes out every millisecond, to the
/// endpoint with the least saturation. What was sent since the last reading is not counted.
final class SaturationGate implements DirectLoad.Admission, AutoCloseable {
    private static final double WAITING = 5;
    private static final double KV = 0.8;
    private static final long EVERY_MS = 50;

    private final List<Simulator> engines;
    private final OkHttpClient http = new OkHttpClient();
    private final double[] saturation;
    private volatile boolean closed;

    SaturationGate(List<Simulator> engines) {
        this.engines = engines;
        this.saturation = new double[engines.size()];
        Thread.ofPlatform().daemon().name("saturation").start(this::read);
    }

    @Override
    public int next() throws InterruptedException {
        while (true) {
            TimeUnit.MILLISECONDS.sleep(1);
            synchronized (saturation) {
                double sum = 0;
                int least = 0;
                for (int i = 0; i < saturation.length; i++) {
                    sum += saturation[i];
                    least = saturation[i] < saturation[least] ? i : least;
                }
                if (sum / saturation.length < 1) {
                    return least;
                }
            }
        }
    }

    @Override
    public void ended(int engine) {}

    @Override
    public void close() {
        closed = true;
    }

    private void read() {
        while (!closed) {
            List<Double> next = new ArrayList<>();
            for (Simulator engine : engines) {
                next.add(saturation(engine));
            }
            synchronized (saturation) {
                for (int i = 0; i < saturation.length; i++) {
                    saturation[i] = next.get(i);
                }
            }
            LockSupport.parkNanos(EVERY_MS * 1_000_000);
        }
    }

    private double saturation(Simulator engine) {
        Request request =
                new Request.Builder().url(engine.baseUrl() + "/metrics").build();
        try (Response response = http.newCall(request).execute()) {
            List<String> page = response.body().string().lines().toList();
            return Math.max(
                    value(page, "vllm:num_requests_waiting{").orElse(0) / WAITING,
                    value(page, "vllm:kv_cache_usage_perc{").orElse(0) / KV);
        } catch (IOException _) {
            return 1;
        }
    }

    private static OptionalDouble value(List<String> page, String metric) {
        return page.stream()
                .filter(line -> line.startsWith(metric))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst();
    }
}
