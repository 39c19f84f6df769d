package io.penstock.router.batches.input;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.record.BatchOptions;
import io.penstock.topics.record.LineError;
import io.penstock.topics.record.Preview;
import io.penstock.topics.record.Preview.ModelLoad;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Submission;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The validation of one input file, fed line by line: collects what is wrong with it, or what it
/// holds.
///
/// One bad line fails the batch, unless the submission says to skip such lines; all of them are reported: up
/// to 10,000 errors, then an entry that says so.
public final class Validation {
    /// Errors listed at most; with their texts bounded they stay below Kafka's 1 MiB per record,
    /// compressed.
    public static final int MAX_ERRORS = 10_000;

    /// Files of these purposes may be a batch's input.
    private static final Set<String> PURPOSES = Set.of("batch", "batch_output");

    private final LineValidator validator;
    private final InputLimits limits;
    private final CustomIds customIds = new CustomIds();
    private final BatchOptions options;
    private final List<LineError> errors = new ArrayList<>();
    private final List<LineError> skipped = new ArrayList<>();
    private final Map<String, BitSet> refused = new TreeMap<>();
    private final BitSet blank = new BitSet();
    private final Twins twins = new Twins();
    private final Map<PoolName, Long> costs = new TreeMap<>();
    private final Map<String, ModelLoad> models = new LinkedHashMap<>();
    private int lines;
    private int requests;
    private int invalid;
    private int embeddingInputs;
    private boolean over;

    public Validation(LineValidator validator, InputLimits limits, BatchOptions options) {
        this.validator = validator;
        this.limits = limits;
        this.options = options;
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
            case Line.Text text when text.isBlank() -> blank.set(lines - 1);
            case Line.Text text -> {
                if (++requests > limits.maxRequests()) {
                    return stop(InputErrors.tooManyRequests(limits.maxRequests()));
                }
                judge(text);
            }
            case Line.TooLong tooLong -> {
                requests++;
                refuse(List.of(InputErrors.lineTooLong(tooLong.number(), tooLong.bytes(), limits.maxLineBytes())));
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
                ? new Findings.Good(lines, requests, model(), costs())
                : new Findings.Bad(List.copyOf(errors));
    }

    /// What the lines read so far hold; without a time.
    public Preview preview() {
        return new Preview(requests, invalid, twins.count(), List.copyOf(models.values()), null);
    }

    /// What is wrong with lines that are skipped, as a batch that skips none would say it.
    public List<LineError> skipped() {
        return List.copyOf(skipped);
    }

    /// The lines that are skipped for what other lines hold, by code, where bit 0 stands for line 1; whoever
    /// sees such a line alone cannot tell.
    public Map<String, BitSet> refused() {
        return refused;
    }

    /// The lines that hold nothing, where bit 0 stands for line 1.
    public BitSet blank() {
        return blank;
    }

    /// Which lines get another one's answer; none unless the submission wants that.
    public Twins twins() {
        return twins;
    }

    private @Nullable ModelName model() {
        return models.size() == 1 ? models.values().iterator().next().model() : null;
    }

    private List<PoolCost> costs() {
        return costs.entrySet().stream()
                .map(entry -> new PoolCost(entry.getKey(), entry.getValue()))
                .toList();
    }

    private void judge(Line.Text line) {
        switch (validator.judge(line)) {
            case LineValidator.Judgement.Valid valid -> {
                LineError refusal = refusal(line.number(), valid);
                if (refusal == null) {
                    take(line, valid);
                } else {
                    refused.computeIfAbsent(refusal.code(), _ -> new BitSet()).set(line.number() - 1);
                    refuse(List.of(refusal));
                }
            }
            case LineValidator.Judgement.Invalid(String customId, List<LineError> found) -> {
                List<LineError> all = new ArrayList<>(found);
                if (customId != null && !customId.isEmpty() && !customIds.add(customId)) {
                    all.add(InputErrors.duplicate(line.number(), customId));
                }
                refuse(all);
            }
        }
    }

    /// What makes a line bad that would be good alone; null if nothing does.
    private @Nullable LineError refusal(int line, LineValidator.Judgement.Valid valid) {
        if (!customIds.add(valid.customId())) {
            return InputErrors.duplicate(line, valid.customId());
        }
        boolean mismatched = !limits.mixedModels() && !models.isEmpty() && !models.containsKey(valid.model());
        return mismatched ? InputErrors.mismatchedModel(line, valid.model()) : null;
    }

    private void take(Line.Text line, LineValidator.Judgement.Valid valid) {
        embeddingInputs += valid.inputs();
        if (embeddingInputs > limits.maxEmbeddingInputs()) {
            stop(InputErrors.tooManyEmbeddingInputs(limits.maxEmbeddingInputs()));
        }
        ModelName name = new ModelName(valid.model());
        ModelLoad load = models.computeIfAbsent(valid.model(), _ -> new ModelLoad(name, 0, 0, 0));
        boolean twin = options.reuseIdentical()
                && twins.add(line.number(), valid.body().of(line.bytes()), valid.options());
        if (!twin) {
            models.put(valid.model(), load.plus(valid.cost()));
            costs.merge(valid.pool(), valid.cost().fairShare(), Long::sum);
        }
    }

    private void refuse(List<LineError> found) {
        invalid++;
        found.forEach(this::add);
    }

    private boolean stop(LineError error) {
        over = true;
        errors.add(error);
        return false;
    }

    private void add(LineError error) {
        List<LineError> list = options.skipInvalid() ? skipped : errors;
        if (over || list.size() > MAX_ERRORS) {
            return;
        }
        list.add(error);
        if (list.size() == MAX_ERRORS) {
            LineError more = InputErrors.more(MAX_ERRORS);
            if (options.skipInvalid()) {
                skipped.add(more);
            } else {
                stop(more);
            }
        }
    }
}
