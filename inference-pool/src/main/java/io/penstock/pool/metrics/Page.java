package io.penstock.pool.metrics;

import io.penstock.pool.metrics.PrometheusText.Sample;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The samples of a metrics page, and how they add up. A metric that is not there, or is not a number,
/// is unknown and never 0.
final class Page {
    private final List<Sample> samples;

    private Page(List<Sample> samples) {
        this.samples = samples;
    }

    static Page of(String text, Set<String> names) {
        return new Page(PrometheusText.parse(text, names::contains));
    }

    List<Sample> named(String name) {
        return samples.stream().filter(sample -> sample.name().equals(name)).toList();
    }

    /// The sum over all series of `name`, empty if there is none.
    OptionalDouble sum(String name) {
        return sum(name, _ -> true);
    }

    /// The sum over the series of `name` that `which` accepts, empty if there is none of `name` at all.
    OptionalDouble sum(String name, Predicate<Sample> which) {
        List<Sample> all = finite(name);
        return all.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        all.stream().filter(which).mapToDouble(Sample::value).sum());
    }

    /// The largest of all series of `name`, empty if there is none.
    OptionalDouble max(String name) {
        return finite(name).stream().mapToDouble(Sample::value).max();
    }

    /// The sum over the values of `label` of the largest of their series: for engines whose ranks each tell
    /// of the same requests, except those with a `label` of their own.
    OptionalDouble sumOfMax(String name, String label) {
        List<Sample> all = finite(name);
        Set<String> groups = new TreeSet<>();
        all.forEach(sample -> groups.add(sample.labels().getOrDefault(label, "")));
        return groups.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(groups.stream()
                        .mapToDouble(group -> all.stream()
                                .filter(sample ->
                                        sample.labels().getOrDefault(label, "").equals(group))
                                .mapToDouble(Sample::value)
                                .max()
                                .orElse(0))
                        .sum());
    }

    /// The series of `name` where `label` is `value`, the largest one.
    OptionalDouble max(String name, String label, String value) {
        return finite(name).stream()
                .filter(sample -> value.equals(sample.labels().get(label)))
                .mapToDouble(Sample::value)
                .max();
    }

    private List<Sample> finite(String name) {
        return named(name).stream()
                .filter(sample -> Double.isFinite(sample.value()))
                .toList();
    }

    /// A label's value as a whole number, 0 if it is none.
    static long number(@Nullable String text) {
        return text != null && text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }

    /// `a × b` as tokens, empty if either is unknown or the product is not above 0.
    static OptionalLong product(OptionalDouble a, OptionalDouble b) {
        return a.isEmpty() || b.isEmpty() ? OptionalLong.empty() : positive(a.getAsDouble() * b.getAsDouble());
    }

    /// `tokens` if above 0.
    static OptionalLong positive(double tokens) {
        return tokens > 0 ? OptionalLong.of((long) tokens) : OptionalLong.empty();
    }
}
