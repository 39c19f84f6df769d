package io.penstock.router.batches;

import io.penstock.router.batches.input.InputLimits;
import io.penstock.router.batches.progress.Feasibility;
import io.penstock.router.collect.CollectPolicy;
import io.penstock.service.Settings;
import org.apache.kafka.common.config.ConfigDef;

/// The settings of the batches topology by their keys.
public final class BatchesSettings {
    private static final ConfigDef.Importance MEDIUM = ConfigDef.Importance.MEDIUM;
    private static final ConfigDef.Importance LOW = ConfigDef.Importance.LOW;

    private BatchesSettings() {}

    /// Adds every key to `def`, with its default and what it means.
    public static void define(ConfigDef def) {
        InputLimits limits = InputLimits.DEFAULT;
        Pace pace = Pace.DEFAULT;
        whole(def, "batches.lines.max", limits.maxRequests(), 1_000_000, MEDIUM, "Requests in a batch.");
        def.define(
                "batches.bytes.max",
                ConfigDef.Type.LONG,
                limits.maxBytes(),
                ConfigDef.Range.between(1, 1L << 40),
                MEDIUM,
                "Size of a batch's input file in bytes; files.batch.max.bytes of ingest-api bounds its upload.");
        whole(
                def,
                "batches.line.max.bytes",
                limits.maxLineBytes(),
                64 << 20,
                MEDIUM,
                "Size of one line of a batch's input file in bytes.");
        whole(
                def,
                "batches.slice.ms",
                pace.slice().toMillis(),
                60_000,
                LOW,
                "Time between two turns at reading inputs, in milliseconds.");
        whole(
                def,
                "batches.slice.validate.lines.max",
                pace.validateLines(),
                100_000,
                LOW,
                "Lines validated per task and turn.");
        whole(
                def,
                "batches.slice.expand.lines.max",
                pace.expandLines(),
                100_000,
                LOW,
                "Lines put on requests.* per task and turn.");
        whole(
                def,
                "batches.announce.ms",
                pace.announce().toMillis(),
                60_000,
                LOW,
                "Time between two announcements of a batch's progress, in milliseconds.");
        whole(
                def,
                "batches.validations.max",
                pace.parallelValidations(),
                1_000,
                LOW,
                "Inputs validated side by side per task; each holds about 3 MiB.");
        def.define(
                "batches.refuse.infeasible",
                ConfigDef.Type.BOOLEAN,
                Feasibility.DEFAULT.refuses(),
                MEDIUM,
                "Fail batches in validation (would_miss_window) that at the rate last observed would miss their"
                        + " window.");
        def.define(
                "batches.refuse.margin.ratio",
                ConfigDef.Type.DOUBLE,
                Feasibility.DEFAULT.margin(),
                ConfigDef.Range.between(0, 10),
                LOW,
                "By how much of its window a batch may be expected to miss it and is not refused.");
        CollectPolicy collection = CollectPolicy.DEFAULT;
        whole(
                def,
                "collect.interval.ms",
                collection.interval().toMillis(),
                3_600_000,
                LOW,
                "Time between two turns at collecting dead blobs, in milliseconds.");
        def.define(
                "collect.grace.ms",
                ConfigDef.Type.LONG,
                collection.grace().toMillis(),
                ConfigDef.Range.atLeast(60_000),
                MEDIUM,
                "How long nobody may have referred to a blob before it is removed, in milliseconds; longer than any"
                        + " download takes.");
        whole(def, "collect.blobs.max", collection.blobsPerTurn(), 100_000, LOW, "Dead blobs removed per turn.");
    }

    /// The topology's configuration by `settings`.
    public static BatchesConfig of(Settings settings) {
        Pace pace = Pace.DEFAULT;
        return new BatchesConfig(
                new InputLimits(
                        settings.number("batches.lines.max"),
                        settings.longNumber("batches.bytes.max"),
                        settings.number("batches.line.max.bytes")),
                new Pace(
                        settings.duration("batches.slice.ms"),
                        settings.number("batches.slice.validate.lines.max"),
                        pace.validateBytes(),
                        settings.number("batches.slice.expand.lines.max"),
                        pace.expandBytes(),
                        settings.duration("batches.announce.ms"),
                        settings.number("batches.validations.max")),
                new Feasibility(
                        settings.flag("batches.refuse.infeasible"), settings.ratio("batches.refuse.margin.ratio")),
                new CollectPolicy(
                        settings.duration("collect.interval.ms"),
                        settings.duration("collect.grace.ms"),
                        settings.number("collect.blobs.max")));
    }

    private static void whole(
            ConfigDef def, String key, long value, long max, ConfigDef.Importance importance, String doc) {
        def.define(key, ConfigDef.Type.INT, Math.toIntExact(value), ConfigDef.Range.between(1, max), importance, doc);
    }
}
