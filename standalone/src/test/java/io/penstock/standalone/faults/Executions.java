package io.penstock.standalone.faults;

import io.penstock.simulator.Simulator;
import io.penstock.simulator.requests.RecordedRequest;
import io.penstock.standalone.crash.Api;
import io.penstock.standalone.crash.Submitted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Every request of a batch that reached an engine, by the engines' own logs. These forget the oldest
/// of more than 10,000 requests, so they are read twice a second.
final class Executions implements AutoCloseable {
    /// A body that nobody submitted.
    private static final String UNKNOWN = "(unknown body)";

    private final List<Simulator> engines;
    private final Submitted submitted;
    private final Map<Simulator, Long> read = new HashMap<>();
    private final List<Execution> all = new ArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    /// A request that an engine has got, and when that was seen (`System.nanoTime`, half a second late
    /// at most).
    private record Execution(String body, long nanos) {}

    Executions(List<Simulator> engines, Submitted submitted) {
        this.engines = engines;
        this.submitted = submitted;
        var _ = clock.scheduleWithFixedDelay(this::readLogs, 0, 500, TimeUnit.MILLISECONDS);
    }

    /// The custom ids of all of them, one entry for each time; to be asked when all has ended.
    synchronized List<String> customIds() {
        readLogs();
        return all.stream().map(this::customId).toList();
    }

    /// How many of this span repeated a request that an engine had got before.
    synchronized int repeatedBetween(long fromNanos, long toNanos) {
        Set<String> seen = new HashSet<>();
        int repeated = 0;
        for (Execution execution : all) {
            boolean again = !seen.add(execution.body());
            if (again && execution.nanos() - fromNanos >= 0 && execution.nanos() - toNanos < 0) {
                repeated++;
            }
        }
        return repeated;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private synchronized void readLogs() {
        long now = System.nanoTime();
        for (Simulator engine : engines) {
            long from = read.getOrDefault(engine, 0L);
            for (RecordedRequest request : engine.requests().all()) {
                if (request.number() >= from) {
                    read.put(engine, request.number() + 1);
                    if (request.path().equals("/v1/chat/completions") && !Api.isChat(request.bodyText())) {
                        all.add(new Execution(request.bodyText(), now));
                    }
                }
            }
        }
    }

    private String customId(Execution execution) {
        String id = submitted.customId(execution.body());
        return id == null ? UNKNOWN : id;
    }
}
