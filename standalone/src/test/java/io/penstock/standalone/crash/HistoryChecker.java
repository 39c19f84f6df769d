package io.penstock.standalone.crash;

import io.penstock.standalone.crash.Findings.Fault;
import io.penstock.standalone.crash.Findings.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Holds what came out against what was put in: each custom id exactly once on `results` and once in
/// the files of its batch, the same line in both, in the right file; the batch's counts are the lines
/// of its files; every answer was given by an engine. A pure function that knows no class, counter or
/// state of the product.
///
/// Custom ids must be unique over all jobs.
public final class HistoryChecker {
    private final History history;
    private final Set<Fault> faults = new LinkedHashSet<>();
    private final Map<String, String> published = new HashMap<>();

    private HistoryChecker(History history) {
        this.history = history;
    }

    public static Findings check(History history) {
        HistoryChecker checker = new HistoryChecker(history);
        Set<String> submitted = new HashSet<>();
        history.jobs().forEach(job -> submitted.addAll(job.customIds()));
        checker.topic(submitted);
        history.jobs().forEach(checker::job);
        checker.strangers();
        int duplicates = checker.executions(submitted);
        return new Findings(List.copyOf(checker.faults), duplicates);
    }

    private void topic(Set<String> submitted) {
        Map<String, Integer> times = count(history.results());
        compare(submitted, times, "results");
        history.results().forEach(line -> published.putIfAbsent(line.customId(), line.text()));
    }

    private void job(History.Job job) {
        List<History.Batch> batches = history.batches().stream()
                .filter(batch -> batch.id().equals(job.batch()))
                .toList();
        if (batches.size() != 1) {
            job.customIds().forEach(id -> fault(Kind.MISSING, id, "files, for want of one batch " + job.batch()));
            return;
        }
        History.Batch batch = batches.getFirst();
        List<ResultLine> filed = new ArrayList<>(batch.output());
        filed.addAll(batch.errors());
        Map<String, Integer> times = count(filed);
        compare(job.customIds(), times, "files of " + batch.id());
        filed.forEach(this::sameAsPublished);
        batch.output().stream()
                .filter(line -> !line.isAnswer())
                .forEach(line -> fault(Kind.MISFILED, line.customId(), "an error in the output file"));
        batch.errors().stream()
                .filter(ResultLine::isAnswer)
                .forEach(line -> fault(Kind.MISFILED, line.customId(), "an answer in the error file"));
        filed.stream()
                .filter(line -> line.isAnswer() == job.refused().contains(line.customId()))
                .forEach(line -> fault(Kind.SPOILED, line.customId(), line.text()));
        counts(job, batch);
    }

    private void counts(History.Job job, History.Batch batch) {
        require(batch, batch.status().equals("completed"), "its status is " + batch.status());
        require(
                batch,
                batch.total() == job.customIds().size(),
                "its total is " + batch.total() + ", but " + job.customIds().size() + " lines were submitted");
        require(
                batch,
                batch.total() == batch.completed() + batch.failed(),
                "its total is " + batch.total() + ", but " + batch.completed() + " completed and " + batch.failed()
                        + " failed");
        require(
                batch,
                batch.completed() == batch.output().size(),
                "it says " + batch.completed() + " completed, but its output file has "
                        + batch.output().size() + " lines");
        require(
                batch,
                batch.failed() == batch.errors().size(),
                "it says " + batch.failed() + " failed, but its error file has "
                        + batch.errors().size() + " lines");
    }

    /// A batch that nobody submitted may not have run.
    private void strangers() {
        for (History.Batch batch : history.batches()) {
            if (history.jobs().stream().noneMatch(job -> job.batch().equals(batch.id()))) {
                batch.output().forEach(line -> fault(Kind.UNKNOWN, line.customId(), "files of stranger " + batch.id()));
                batch.errors().forEach(line -> fault(Kind.UNKNOWN, line.customId(), "files of stranger " + batch.id()));
            }
        }
    }

    /// Returns how many executions were beyond one for each request.
    private int executions(Set<String> submitted) {
        Map<String, Integer> times = new LinkedHashMap<>();
        history.executions().forEach(id -> times.merge(id, 1, Integer::sum));
        int duplicates = 0;
        for (Map.Entry<String, Integer> execution : times.entrySet()) {
            if (submitted.contains(execution.getKey())) {
                duplicates += execution.getValue() - 1;
            } else {
                fault(Kind.UNKNOWN, execution.getKey(), "an engine's log");
            }
        }
        history.results().stream()
                .filter(line -> line.isAnswer() && !times.containsKey(line.customId()))
                .forEach(line -> fault(Kind.INVENTED, line.customId(), "answered without an engine"));
        return duplicates;
    }

    private void compare(Set<String> expected, Map<String, Integer> times, String place) {
        for (String id : expected) {
            int seen = times.getOrDefault(id, 0);
            if (seen == 0) {
                fault(Kind.MISSING, id, place);
            } else if (seen > 1) {
                fault(Kind.DOUBLED, id, seen + " times in " + place);
            }
        }
        times.keySet().stream().filter(id -> !expected.contains(id)).forEach(id -> fault(Kind.UNKNOWN, id, place));
    }

    private void sameAsPublished(ResultLine line) {
        String topic = published.get(line.customId());
        if (topic != null && !topic.equals(line.text())) {
            fault(Kind.DIFFERENT, line.customId(), "the file has " + line.text() + ", the topic " + topic);
        }
    }

    private static Map<String, Integer> count(List<ResultLine> lines) {
        Map<String, Integer> times = new LinkedHashMap<>();
        lines.forEach(line -> times.merge(line.customId(), 1, Integer::sum));
        return times;
    }

    private void require(History.Batch batch, boolean holds, String otherwise) {
        if (!holds) {
            fault(Kind.MISCOUNTED, batch.id(), otherwise);
        }
    }

    private void fault(Kind kind, String subject, String where) {
        faults.add(new Fault(kind, subject, where));
    }
}
