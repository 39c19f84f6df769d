package io.penstock.pool.metrics;

import io.penstock.pool.metrics.PrometheusText.Sample;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
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
        List<Sample> all = finite(name);
        return all.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(all.stream().mapToDouble(Sample::value).sum());
    }

    /// The largest of all series of `name`, empty if there is none.
    OptionalDouble max(String name) {
        return finite(name).stream().mapToDouble(Sample::value).max();
    }

    /// By the values of `label`, empty text for series without it, the largest of their series of `name`:
    /// for engines whose ranks each tell of the same requests, except those with a `label` of their own.
    Map<String, Double> largest(String name, String label) {
        return largest(name, label, _ -> true, Sample::value);
    }

    /// The same of a figure of the series that `which` accepts.
    Map<String, Double> largest(String name, String label, Predicate<Sample> which, ToDoubleFunction<Sample> figure) {
        Map<String, Double> largest = new TreeMap<>();
        finite(name).stream()
                .filter(which)
                .forEach(sample -> largest.merge(
                        sample.labels().getOrDefault(label, ""), figure.applyAsDouble(sample), Math::max));
        return largest;
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
