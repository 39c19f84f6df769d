package io.penstock.standalone.crash;

import io.penstock.standalone.crash.History.Job;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which lines each batch of a history was to run, and which results are its own: those whose key names it, and of
/// those without a key the ones with a custom id that it brought.
final class Runs {
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final Map<String, Set<String>> run = new HashMap<>();
    private final Map<String, List<ResultLine>> results = new HashMap<>();
    private final List<ResultLine> nobodys = new ArrayList<>();

    Runs(History history) {
        Map<String, String> bringer = new HashMap<>();
        for (Job job : history.jobs()) {
            jobs.put(job.batch(), job);
            results.put(job.batch(), new ArrayList<>());
            if (!(job.fate() instanceof Fate.Retries)) {
                job.customIds().forEach(id -> bringer.put(id, job.batch()));
            }
        }
        for (Job job : history.jobs()) {
            run.put(job.batch(), run(job, history));
        }
        for (ResultLine line : history.results()) {
            String owner = line.batch().isEmpty() ? bringer.get(line.customId()) : line.batch();
            (owner == null ? nobodys : results.getOrDefault(owner, nobodys)).add(line);
        }
    }

    private static Set<String> run(Job job, History history) {
        if (!(job.fate() instanceof Fate.Retries retries)) {
            return job.customIds();
        }
        Set<String> failed = new HashSet<>();
        history.batches().stream()
                .filter(batch -> batch.id().equals(retries.parent()))
                .flatMap(batch -> batch.errors().stream())
                .map(ResultLine::customId)
                .filter(retries::chooses)
                .forEach(failed::add);
        return failed;
    }

    /// The custom ids of the lines that `job` was to run.
    Set<String> of(Job job) {
        return Objects.requireNonNull(run.get(job.batch()));
    }

    /// What is on the topic of `job`.
    List<ResultLine> results(Job job) {
        return Objects.requireNonNull(results.get(job.batch()));
    }

    /// What is on the topic and of no job.
    List<ResultLine> nobodys() {
        return nobodys;
    }

    /// What the topic has first for a line of the files of `job`: its own result, or that of the batch it was
    /// taken from; null for none.
    @Nullable
    String published(Job job, String customId) {
        if (!of(job).contains(customId) && job.fate() instanceof Fate.Retries retries) {
            Job parent = jobs.get(retries.parent());
            return parent == null ? null : published(parent, customId);
        }
        return results(job).stream()
                .filter(line -> line.customId().equals(customId))
                .map(ResultLine::text)
                .findFirst()
                .orElse(null);
    }
}
