package io.penstock.standalone.crash;

import io.penstock.standalone.crash.Findings.Fault;
import io.penstock.standalone.crash.Findings.Kind;
import io.penstock.standalone.crash.History.Job;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Holds what came out against what was put in: each line that a batch was to run exactly once on `results`, each
/// custom id once in the files of its batch, the same line in both, in the right file; the batch's counts are the lines
/// of its files and its status is the one its fate gives it; every answer was given by an engine, and whatever no
/// engine
/// answered has an end that the batch's fate explains. A retry runs the failed lines of its parent and no others, and
/// its files hold all lines in the order of the input. A pure function that knows no class, counter or state of
/// the product.
///
/// Custom ids must be unique over all jobs but retries.
public final class HistoryChecker {
    private final History history;
    private final Runs runs;
    private final Set<Fault> faults = new LinkedHashSet<>();

    private HistoryChecker(History history) {
        this.history = history;
        this.runs = new Runs(history);
    }

    public static Findings check(History history) {
        HistoryChecker checker = new HistoryChecker(history);
        checker.topic();
        history.jobs().forEach(checker::job);
        checker.strangers();
        int duplicates = checker.executions();
        return new Findings(List.copyOf(checker.faults), duplicates);
    }

    private void topic() {
        for (Job job : history.jobs()) {
            compare(runs.of(job), count(runs.results(job)), "results");
        }
        runs.nobodys().forEach(line -> fault(Kind.UNKNOWN, line.customId(), "results"));
    }

    private void job(Job job) {
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
        compare(job.customIds(), count(filed), "files of " + batch.id());
        filed.forEach(line -> sameAsPublished(job, line));
        batch.output().stream()
                .filter(line -> !line.isAnswer())
                .forEach(line -> fault(Kind.MISFILED, line.customId(), "an error in the output file"));
        batch.errors().stream()
                .filter(ResultLine::isAnswer)
                .forEach(line -> fault(Kind.MISFILED, line.customId(), "an answer in the error file"));
        Set<String> run = runs.of(job);
        filed.stream()
                .filter(line -> run.contains(line.customId()) && isSpoiled(job, line))
                .forEach(line -> fault(Kind.SPOILED, line.customId(), line.text()));
        if (job.fate() instanceof Fate.Retries retries) {
            ordered(batch.output(), retries.inputOrder());
            ordered(batch.errors(), retries.inputOrder());
        }
        counts(job, batch);
    }

    private static boolean isSpoiled(Job job, ResultLine line) {
        return line.isAnswer() == job.refused().contains(line.customId())
                && !job.fate().excuses(line);
    }

    private void ordered(List<ResultLine> file, List<String> inputOrder) {
        int before = -1;
        for (ResultLine line : file) {
            int place = inputOrder.indexOf(line.customId());
            if (place >= 0 && place < before) {
                fault(Kind.DISORDERED, line.customId(), "behind " + inputOrder.get(before));
            }
            before = Math.max(before, place);
        }
    }

    private void counts(Job job, History.Batch batch) {
        require(batch, batch.status().equals(job.fate().status()), "its status is " + batch.status());
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

    /// Returns how many executions were beyond one for each line that a batch was to run.
    private int executions() {
        Map<String, Integer> wanted = new LinkedHashMap<>();
        history.jobs().forEach(job -> runs.of(job).forEach(id -> wanted.merge(id, 1, Integer::sum)));
        Map<String, Integer> times = new LinkedHashMap<>();
        history.executions().forEach(id -> times.merge(id, 1, Integer::sum));
        int duplicates = 0;
        for (Map.Entry<String, Integer> execution : times.entrySet()) {
            Integer once = wanted.get(execution.getKey());
            if (once != null) {
                duplicates += Math.max(0, execution.getValue() - once);
            } else {
                fault(Kind.UNKNOWN, execution.getKey(), "an engine's log");
            }
        }
        Set<ResultLine> answers = new HashSet<>(
                history.results().stream().filter(ResultLine::isAnswer).toList());
        Map<String, Integer> answered = count(answers);
        answered.forEach((id, many) -> {
            if (many > times.getOrDefault(id, 0)) {
                fault(Kind.INVENTED, id, "answered without an engine");
            }
        });
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

    private void sameAsPublished(Job job, ResultLine line) {
        String topic = runs.published(job, line.customId());
        if (topic != null && !topic.equals(line.text())) {
            fault(Kind.DIFFERENT, line.customId(), "the file has " + line.text() + ", the topic " + topic);
        }
    }

    private static Map<String, Integer> count(Iterable<ResultLine> lines) {
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
