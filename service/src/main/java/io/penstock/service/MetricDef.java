package io.penstock.service;

import java.util.List;

/// One metric of a module's catalogue; the catalogues are enums, and `docs/metrics.md` is written from
/// them.
public interface MetricDef {
    /// What kind of figure it is.
    enum Type {
        /// Only rises.
        COUNTER,
        /// Goes up and down.
        GAUGE,
        /// Durations, in seconds.
        TIMER,
        /// A distribution of anything but durations: count, sum and maximum.
        SUMMARY
    }

    /// Its name, without the suffixes Prometheus adds for the type and the unit.
    String metricName();

    /// Its kind.
    Type type();

    /// What it counts in, such as `bytes` or `tokens`; becomes part of the name that Prometheus shows.
    /// Empty, the default, for plain numbers, for timers (always seconds) and where the name says it.
    default String unit() {
        return "";
    }

    /// The names of its labels, in the order values are given.
    List<String> labels();

    /// One sentence for operators, with the unit.
    String help();
}
