package io.penstock.router.batches;

import io.penstock.service.MetricDef;
import java.util.List;

/// The metrics of the batches application. A transaction that is aborted and done again counts twice.
public enum BatchesMetric implements MetricDef {
    ENDED(Type.COUNTER, "penstock_batches_ended", "Batches that ended, by their last status.", "status"),
    LINES(Type.COUNTER, "penstock_batch_lines_ended", "Batch lines that ended, by their end.", "end"),
    EXPANDED(Type.COUNTER, "penstock_batch_lines_expanded", "Batch lines put on requests.*.", ""),
    MERGED(Type.COUNTER, "penstock_batch_lines_merged", "Lines put into the files of retries.", ""),
    IGNORED_RESULTS(
            Type.COUNTER,
            "penstock_batch_results_ignored",
            "Results of lines that had ended or of no batch, dropped.",
            ""),
    AT_RISK(
            Type.GAUGE,
            "penstock_batches_at_risk",
            "Running batches expected to miss their deadline, looked at every 5 s.",
            "partition"),
    BLOBS_COLLECTED(Type.COUNTER, "penstock_blobs_collected", "Dead blobs removed from the payload store.", ""),
    BYTES_RECLAIMED(Type.COUNTER, "penstock_blobs_bytes_reclaimed", "Bytes of dead blobs removed.", ""),
    BYTES_STORED(
            Type.GAUGE,
            "penstock_blobs_bytes_stored",
            "Bytes in the payload store, counted once an hour by the one instance that collects; none elsewhere.",
            "");

    private final Type type;
    private final String metricName;
    private final String help;
    private final String label;

    BatchesMetric(Type type, String metricName, String help, String label) {
        this.type = type;
        this.metricName = metricName;
        this.help = help;
        this.label = label;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public List<String> labels() {
        return label.isEmpty() ? List.of() : List.of(label);
    }

    @Override
    public String help() {
        return help;
    }
}
