package io.penstock.router.batches.input;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.Cost;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The validation of one input file, fed line by line: collects what is wrong with it, or what it
/// holds.
///
/// One bad line fails the batch, but all of them are reported: up to 10,000 errors, then an entry that
/// says so.
public final class Validation {
    /// Errors listed at most; with their texts bounded they stay below Kafka's 1 MiB per record,
    /// compressed.
    public static final int MAX_ERRORS = 10_000;

    /// Files of these purposes may be a batch's input.
    private static final Set<String> PURPOSES = Set.of("batch", "batch_output");

    private final LineValidator validator;
    private final InputLimits limits;
    private final CustomIds customIds = new CustomIds();
    private final List<LineError> errors = new ArrayList<>();
    private final Map<PoolName, Long> costs = new TreeMap<>();
    private int lines;
    private int requests;
    private @Nullable String model;
    private boolean mixed;
    private boolean over;

    public Validation(LineValidator validator, InputLimits limits) {
        this.validator = validator;
        this.limits = limits;
    }

    /// What validation found.
    public sealed interface Findings {
        /// Good: `requests` of the `lines` physical lines are requests; `model` is set if all name the
        /// same one; `costs` is what they are expected to cost each pool.
        record Good(int lines, int requests, @Nullable ModelName model, List<PoolCost> costs) implements Findings {
            public Good {
                costs = List.copyOf(costs);
            }
        }

        /// Bad, and here is why.
        record Bad(List<LineError> errors) implements Findings {}
    }

    /// The findings if the file is not even opened: it does not exist, is not the tenant's, is no batch
    /// input, or is too large.
    public static Findings.@Nullable Bad unopenable(Submission submission, InputLimits limits) {
        StoredFile input = submission.input();
        if (input == null || !input.tenant().equals(submission.tenant()) || !PURPOSES.contains(input.purpose())) {
            return missing(submission);
        }
        return input.bytes() <= limits.maxBytes()
                ? null
                : new Findings.Bad(List.of(InputErrors.fileTooLarge(input.bytes(), limits.maxBytes())));
    }

    /// The findings if the file's content is not there, or no longer.
    public static Findings.Bad missing(Submission submission) {
        return new Findings.Bad(List.of(InputErrors.cannotFind(submission)));
    }

    /// Takes the file's next line. Returns false if no more lines need be read.
    public boolean accept(Line line) {
        lines = line.number();
        if (lines > limits.maxLines()) {
            return stop(InputErrors.tooManyLines(limits.maxLines()));
        }
        switch (line) {
            case Line.Text text when text.isBlank() -> {}
            case Line.Text text -> {
                if (++requests > limits.maxRequests()) {
                    return stop(InputErrors.tooManyRequests(limits.maxRequests()));
                }
                judge(text);
            }
            case Line.TooLong tooLong -> {
                requests++;
                add(InputErrors.lineTooLong(tooLong.number(), tooLong.bytes(), limits.maxLineBytes()));
            }
        }
        return !over;
    }

    /// The findings, once every line was accepted or no more was wanted.
    public Findings findings() {
        if (requests == 0 && errors.isEmpty()) {
            return new Findings.Bad(List.of(InputErrors.emptyFile()));
        }
        return errors.isEmpty()
                ? new Findings.Good(lines, requests, mixed || model == null ? null : new ModelName(model), costs())
                : new Findings.Bad(List.copyOf(errors));
    }

    private List<PoolCost> costs() {
        return costs.entrySet().stream()
                .map(entry -> new PoolCost(entry.getKey(), entry.getValue()))
                .toList();
    }

    private void judge(Line.Text line) {
        switch (validator.judge(line)) {
            case LineValidator.Judgement.Valid(String customId, String named, PoolName pool, Cost cost) -> {
                distinct(line.number(), customId);
                mixed |= model != null && !model.equals(named);
                model = named;
                costs.merge(pool, cost.fairShare(), Long::sum);
            }
            case LineValidator.Judgement.Invalid(String customId, List<LineError> found) -> {
                found.forEach(this::add);
                if (customId != null && !customId.isEmpty()) {
                    distinct(line.number(), customId);
                }
            }
        }
    }

    private void distinct(int line, String customId) {
        if (!customIds.add(customId)) {
            add(InputErrors.duplicate(line, customId));
        }
    }

    private boolean stop(LineError error) {
        over = true;
        errors.add(error);
        return false;
    }

    private void add(LineError error) {
        if (over) {
            return;
        }
        errors.add(error);
        if (errors.size() == MAX_ERRORS) {
            stop(InputErrors.more(MAX_ERRORS));
        }
    }
}
