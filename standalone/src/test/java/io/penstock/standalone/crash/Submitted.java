package io.penstock.standalone.crash;

import io.penstock.standalone.crash.Api.BatchView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What was submitted, batch by batch, and what came of it.
public final class Submitted {
    private final Map<String, Lines> jobs = new HashMap<>();
    private final Map<String, Fate> fates = new HashMap<>();
    private final Map<String, String> idsByBody = new HashMap<>();

    /// Uploads and submits `lines`; returns the batch's id.
    public String submit(Api api, Lines lines) throws IOException {
        String batch = api.submit(api.upload(lines.file()));
        adopt(batch, lines);
        return batch;
    }

    /// Expects `lines` to be done as `batch`.
    public void adopt(String batch, Lines lines) {
        jobs.put(batch, lines);
        idsByBody.putAll(lines.idsByBody());
    }

    /// Expects this to become of `batch`, which otherwise completes.
    public void expect(String batch, Fate fate) {
        fates.put(batch, fate);
    }

    public Set<String> batches() {
        return Set.copyOf(jobs.keySet());
    }

    /// Requests, over all batches.
    public int lines() {
        return jobs.values().stream().mapToInt(Lines::count).sum();
    }

    /// The custom id of a request by its body; null for a body that nobody submitted.
    public @Nullable String customId(String body) {
        return idsByBody.get(body);
    }

    /// Reads the results and, over `api`, the batches with their files; `executions` are the engines'.
    public History history(Api api, Broker topics, List<String> executions) throws IOException {
        List<History.Batch> ended = new ArrayList<>();
        for (BatchView batch : api.batches()) {
            ended.add(new History.Batch(
                    batch.id(),
                    batch.status(),
                    batch.total(),
                    batch.completed(),
                    batch.failed(),
                    api.lines(batch.outputFile()),
                    api.lines(batch.errorFile())));
        }
        List<ResultLine> results = topics.read(Topic.RESULTS).stream()
                .map(record -> ResultLine.parse(text(record.key()), text(record.value())))
                .toList();
        List<History.Job> submitted = jobs.entrySet().stream()
                .map(job -> new History.Job(
                        job.getKey(),
                        job.getValue().customIds(),
                        job.getValue().refused(),
                        fates.getOrDefault(job.getKey(), new Fate.Completes())))
                .toList();
        return new History(submitted, results, ended, executions);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
