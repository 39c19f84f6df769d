package io.penstock.service;

import java.util.List;

/// One metric of a module's catalogue; the catalogues are enums, and `docs/metrics.md` is written from them.
public interface MetricDef {
    /// What kind of figure it is.
    enum Type {
        /// Only rises.
        COUNTER,
        /// Goes up and down.
        GAUGE,
        /// Durations, in seconds.
        TIMER
    }

    /// Its name as Prometheus shows it, without the suffixes Prometheus adds for the type.
    String metricName();

    /// Its kind.
    Type type();

    /// The names of its labels, in the order values are given.
    List<String> labels();

    /// One sentence for operators, with the unit.
    String help();
}
